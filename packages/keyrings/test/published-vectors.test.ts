import { existsSync, readFileSync } from 'node:fs'
import { decrypt, type Keyring } from '@bongtu/client'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { type EncryptionContext, encryptionContext, type Header, MessageDecoder } from '@bongtu/message-format'
import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { ask } from './asking.ts'

/** Messages that the AWS Encryption SDK for .NET 4.0.1 wrote; they lie beside the repository, which does not hold them. */
const archive = new URL('../../../../shared/vectors/v4-Net-4.0.1.zip', import.meta.url)
const present = existsSync(archive)
const title = `messages of the .NET SDK 4.0.1${present ? '' : ' (not run: ../shared/vectors is not there)'}`

interface MasterKey {
  readonly type: string
  readonly key: string
  readonly 'provider-id': string
  readonly 'encryption-algorithm': 'aes' | 'rsa'
  readonly 'padding-hash': 'sha1' | 'sha256' | 'sha384' | 'sha512'
}

interface Case {
  readonly ciphertext: string
  readonly 'master-keys': readonly MasterKey[]
  readonly 'encryption-context': Record<string, string>
  readonly result: { readonly output: { readonly plaintext: string } }
}

interface KeyEntry {
  readonly material: string
  readonly 'key-id': string
}

const limits = { maxHeaderLength: Infinity, maxFrameLength: Infinity, maxEncryptedDataKeys: false } as const

describe.runIf(present)(title, () => {
  let files: Record<string, Uint8Array>
  let cases: Case[]
  let keys: Record<string, KeyEntry>

  const file = (uri: string): Uint8Array => {
    const found = files[uri.replace('file://', '')]
    if (found === undefined) throw new Error(`the archive lacks ${uri}`)
    return found
  }
  const json = (uri: string): unknown => JSON.parse(new TextDecoder().decode(file(uri)))
  const entry = (name: string): KeyEntry => {
    const found = keys[name]
    if (found === undefined) throw new Error(`the archive lacks the key ${name}`)
    return found
  }

  beforeAll(() => {
    files = unzipSync(readFileSync(archive))
    cases = Object.values((json('file://manifest.json') as { tests: Record<string, Case> }).tests)
    keys = (json('file://keys.json') as { keys: Record<string, KeyEntry> }).keys
  })

  const keyringOf = (master: MasterKey): Keyring => {
    const namespace = master['provider-id']
    const { 'key-id': name, material } = entry(master.key)
    if (master['encryption-algorithm'] === 'aes') {
      return rawAes({ namespace, name, key: new Uint8Array(Buffer.from(material, 'base64')) })
    }
    // Of both halves the archive's cases decrypt with the private one.
    const privateKey = entry('rsa-4096-private').material
    return rawRsa({ namespace, name, padding: `oaep-${master['padding-hash']}`, privateKey })
  }
  const raw = (algorithm: 'aes' | 'rsa', count: number): Case[] =>
    cases.filter(({ 'master-keys': each }) => each.length === count && each[0]?.['encryption-algorithm'] === algorithm)
  const headerOf = ({ ciphertext }: Case): Header => {
    const decoder = new MessageDecoder(limits)
    decoder.push(file(ciphertext))
    const part = decoder.next()
    if (part?.type !== 'header') throw new Error('no header')
    return part.decoded.header
  }
  const contextOf = (each: Case, header: Header): EncryptionContext =>
    encryptionContext({ ...header.encryptionContext, ...each['encryption-context'] })

  it('open with rawAes: 33, three for each suite', async () => {
    const chosen = raw('aes', 1)
    expect(chosen).toHaveLength(33)
    for (const each of chosen) {
      const [master] = each['master-keys']
      const header = headerOf(each)
      if (master === undefined) throw new Error('no key')
      const { opened, reports } = await ask(
        keyringOf(master),
        header.encryptedDataKeys,
        header.suite,
        contextOf(each, header),
      )
      expect(opened?.dataKey).toHaveLength(header.suite.dataKeyLength)
      expect(reports).toEqual([])
      // Under the header's context and none beside it, only those without required context open.
      const without = await ask(keyringOf(master), header.encryptedDataKeys, header.suite, header.encryptionContext)
      const required = Object.keys(each['encryption-context']).some(
        (key) => !Object.hasOwn(header.encryptionContext, key),
      )
      expect(without.opened === null).toBe(required)
    }
  })

  it('open with each rawRsa of a message for two of them, to the same data key', async () => {
    const chosen = raw('rsa', 2)
    expect(chosen).toHaveLength(33)
    for (const each of chosen) {
      const { suite, encryptedDataKeys } = headerOf(each)
      const answers = await Promise.all(each['master-keys'].map((one) => ask(keyringOf(one), encryptedDataKeys, suite)))
      expect(answers.map(({ opened }) => opened?.encryptedDataKey)).toEqual(encryptedDataKeys)
      expect(answers[0]?.opened?.dataKey).toEqual(answers[1]?.opened?.dataKey)
      expect(answers[1]?.reasons).toEqual(['other key name'])
    }
  })

  it('decrypt to their plaintext: all 99 that need no AWS KMS', async () => {
    const chosen = [...raw('aes', 1), ...raw('rsa', 1), ...raw('rsa', 2)]
    expect(chosen).toHaveLength(99)
    for (const each of chosen) {
      const [generator, ...children] = each['master-keys'].map(keyringOf)
      const keyring = generator === undefined || children.length === 0 ? generator : multi({ generator, children })
      if (keyring === undefined) throw new Error('no key')
      const { plaintext } = await decrypt(file(each.ciphertext), {
        keyring,
        encryptionContext: each['encryption-context'],
        commitmentPolicy: 'require-encrypt-allow-decrypt',
      })
      expect(Buffer.from(plaintext).equals(file(each.result.output.plaintext))).toBe(true)
    }
  })
})
