import { readFile } from 'node:fs/promises'
import { BongtuError, decrypt, inspect } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import { openArchive } from '../src/test-vectors/archive.ts'
import { loadCases } from '../src/test-vectors/load.ts'
import { bongtu } from './support/bongtu.ts'
import { haveVectors, publishedVectors } from './support/vectors.ts'

const lastLine = (stdout: Buffer): string => stdout.toString().trimEnd().split('\n').at(-1) ?? ''
const run = (name: string, ...options: string[]) => bongtu(['vectors', 'run', publishedVectors(name), ...options])

const published = (): void => {
  it('v4-Net-4.0.1: all 99 of raw keys, and the 33 of AWS KMS are skipped by name', async () => {
    const { code, stdout } = await run('v4-Net-4.0.1.zip')
    expect([code, lastLine(stdout)]).toEqual([0, '99 passed, 0 failed, 33 skipped'])
    expect(stdout.toString().match(/^skipped \S+: needs AWS KMS$/gm)).toHaveLength(33)
  })

  it('valid-Net-4.0.0: all 5', async () => {
    const { code, stdout } = await run('valid-Net-4.0.0.zip')
    expect([code, lastLine(stdout)]).toEqual([0, '5 passed, 0 failed'])
  })

  it('invalid-Net-4.0.0: all 28 refused as not authentic, and opened with --allow-net-400', async () => {
    const refused = await run('invalid-Net-4.0.0.zip')
    expect([refused.code, lastLine(refused.stdout)]).toEqual([1, '0 passed, 28 failed'])
    expect(refused.stdout.toString().match(/^failed \S+: ERR_AUTHENTICATION: /gm)).toHaveLength(28)
    const opened = await run('invalid-Net-4.0.0.zip', '--allow-net-400')
    expect([opened.code, lastLine(opened.stdout)]).toEqual([0, '28 passed, 0 failed'])
  })

  it('commitment: 41 opened, and 5 refused at their commitment', async () => {
    const { code, stdout } = await run('commitment-test-vectors.json')
    expect([code, lastLine(stdout)]).toEqual([0, '46 passed, 0 failed'])
    const cases = await loadCases(publishedVectors('commitment-test-vectors.json'), undefined)
    const refused = cases.filter(({ plaintext }) => plaintext === null)
    expect([cases.length - refused.length, refused.length]).toEqual([41, 5])
    for (const { ciphertext, keys } of refused) {
      const [keyring] = keys().keyrings
      if (keyring === undefined) throw new Error('a commitment vector has a keyring')
      const error: unknown = await decrypt(await ciphertext(), { keyring }).catch((reason: unknown) => reason)
      expect(BongtuError.is(error, 'ERR_AUTHENTICATION')).toBe(true)
    }
  })

  it('python-1.3.5: every header is read, and every message is whole', async () => {
    const path = publishedVectors('python-1.3.5.zip')
    const archive = await openArchive(path)
    const { tests } = JSON.parse(new TextDecoder().decode(await archive.read('decrypt_message.json')))
    const names = Object.values<{ ciphertext: string }>(tests).map(({ ciphertext }) =>
      ciphertext.slice('file://'.length),
    )
    const suites = new Set<number>()
    for (const name of names) {
      const { header, structure, plaintextLength } = await inspect(await archive.read(name))
      expect([structure, plaintextLength]).toEqual(['whole', 10_240])
      expect(header.encryptedDataKeys[0]?.providerId).toBe('aws-kms')
      suites.add(header.suite.id)
    }
    expect([names.length, suites.size]).toEqual([360, 9])
    expect(lastLine((await run('python-1.3.5.zip')).stdout)).toBe('0 passed, 0 failed, 360 skipped')
  })
}

if (haveVectors) describe('vectors that other implementations published', published)
else {
  it('are not at hand: ../shared/vectors, beside the repository, is missing', async () => {
    await expect(readFile(publishedVectors('v4-Net-4.0.1.zip'))).rejects.toThrow('ENOENT')
  })
}
