import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { temporaryFolder } from '../store/folder.ts'
import { seededRandom } from './random.ts'
import { crashKeys, materialsOf, plaintextFor } from './records.ts'
import { crashRounds, spawnChild } from './scenario.ts'

describe('processes on one data folder', () => {
  it('§9.23 killed at ten random points of create, rotate, re-wrap, import and delete: nothing acknowledged is lost, no key is half made', async () => {
    const report = await crashRounds(temporaryFolder(), 10, seededRandom(9))
    expect(report.rounds).toBe(10)
    expect(report.keys).toBeGreaterThan(10)
    expect(report.blobsOpened).toBeGreaterThan(10)
    expect(report.domainRotations).toBeGreaterThan(0)
  }, 300_000)

  it('sixteen that start at once with no key yet end with one root, one domain and one key that opens all messages', async () => {
    const folder = temporaryFolder()
    const children = Array.from({ length: 16 }, () => spawnChild('first-use.ts', folder))
    const lines = children.map((child) => {
      if (child.stdout === null) throw new Error('no standard output')
      return createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    })
    for (const line of lines) expect((await line.next()).value).toBe('ready')
    for (const child of children) child.stdin?.end('go\n')
    const told = await Promise.all(
      lines.map(
        async (line) => JSON.parse((await line.next()).value) as { domainKeys: string[]; keyId: string; blob: string },
      ),
    )
    expect(new Set(told.map(({ domainKeys }) => domainKeys.join())).size).toBe(1)
    expect(new Set(told.map(({ keyId }) => keyId)).size).toBe(1)
    expect(readdirSync(folder).filter((name) => name.startsWith('root'))).toEqual(['root.key'])

    const store = await sqliteStore({ file: join(folder, 'kms.db') })
    const domain = await openDomain({ store, rootKey: rootKeyFile(join(folder, 'root.key')), now: Date.now })
    const keys = await store.list(crashKeys, '', { limit: 99 })
    expect(keys.length).toBe(1)
    for (const { keyId, blob } of told) {
      const key = { account: '111122223333', region: 'us-east-1', keyId }
      const [material] = await materialsOf(store, key)
      const opened = await domain.hsm.execute('decrypt', {
        key,
        token: Buffer.from(material?.token ?? '', 'base64'),
        ciphertextBlob: Buffer.from(blob, 'base64'),
        encryptionContext: {},
      })
      expect(opened.plaintext).toEqual(plaintextFor(keyId))
    }
    await store.close()
  }, 300_000)
})
