import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/index.ts'
import { printDomain } from '../../src/server/domain-metrics.ts'
import { sqliteOfThisNode } from '../../src/store/sqlite/this-node.ts'
import { temporaryFolder } from '../store/folder.ts'
import { rawRequest } from '../support/raw-http.ts'

const openHere = await sqliteOfThisNode()
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/one'
const token = { key: KEY, sequence: 3, domainKey: 'ab', reason: 'invalidToken', givenUp: false } as const

describe('the metrics of the domain', () => {
  it('count and name the key tokens in quarantine, but not those that are given up', () => {
    const text = printDomain({ domainKeys: 32, ringFull: true, quarantine: [token, { ...token, givenUp: true }] })
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(samples).toEqual([
      'kms_domain_keys 32',
      'kms_domain_ring_full 1',
      'kms_quarantined_key_tokens 1',
      `kms_quarantined_key_token{key="${KEY}",sequence="3",domain_key="ab",reason="invalidToken"} 1`,
    ])
  })

  it('name a hundred tokens at most, and escape what a damaged store has in the place of a name', () => {
    const quarantine = Array.from({ length: 150 }, () => ({ ...token, key: 'a"b\\' }))
    const text = printDomain({ domainKeys: 1, ringFull: false, quarantine })
    expect(text).toContain('kms_quarantined_key_tokens 150\n')
    expect(text.split('{key="a\\"b\\\\",').length - 1).toBe(100)
  })

  it('are on the page of a server, with the token that its disk damaged, which the log names once', async () => {
    const directory = temporaryFolder()
    const lines: string[] = []
    const options = {
      place: { directory },
      port: 0,
      auth: 'off',
      writeLog: (line: string) => lines.push(line),
    } as const
    const server = await startServer(options)
    onTestFinished(() => server.close())
    const arn = await server.kms.ensureAlias('alias/app')
    const disk = openHere(join(directory, 'kms.db'))
    disk.exec(`UPDATE record SET body = replace(body, '"token":"', '"token":"xx') WHERE kind = 'material'`)
    disk.close()
    for (let i = 0; i < 3; i++) await server.kms.rotateDomainKey()
    const { text } = await rawRequest(`${server.url}/metrics`, 'GET', {})
    expect(text).toContain('kms_domain_keys 4\n')
    expect(text).toContain('kms_quarantined_key_tokens 1\n')
    expect(text).toContain(`kms_quarantined_key_token{key="${arn}",sequence="0",`)
    const named = lines.filter((line) => line.includes('does not open'))
    expect(named).toEqual([expect.stringContaining(arn.split('/')[1] ?? '')])
  })
})
