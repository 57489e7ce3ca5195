import type { DataKeyCache, DecryptionCacheRequest, EncryptionCacheRequest } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import { dataKeyCache } from '../src/index.ts'
import { decryption, encryption, generator, keyringNamed, suiteOf, unwrapper } from './support/requests.ts'

const cache = (partition?: string) =>
  dataKeyCache({ capacity: 100, maxAge: 1000, ...(partition === undefined ? {} : { partition }) })

const sharesEncryption = async (
  a: Partial<EncryptionCacheRequest>,
  b: Partial<EncryptionCacheRequest>,
  over: DataKeyCache = cache(),
) => {
  const { call } = generator()
  await over.forEncryption(encryption(call, a))
  return (await over.forEncryption(encryption(call, b))).outcome === 'hit'
}
const sharesDecryption = async (
  a: Partial<DecryptionCacheRequest>,
  b: Partial<DecryptionCacheRequest>,
  over: DataKeyCache = cache(),
) => {
  const { call } = unwrapper()
  await over.forDecryption(decryption(call, a))
  return (await over.forDecryption(decryption(call, b))).outcome === 'hit'
}
const key = (ciphertext: number) => ({
  providerId: 'p',
  keyInfo: Uint8Array.of(0xff),
  ciphertext: Uint8Array.of(ciphertext),
})

describe('what may share an entry', () => {
  it('serves the same request twice', async () => {
    expect(await sharesEncryption({}, {})).toBe(true)
    expect(await sharesDecryption({}, {})).toBe(true)
  })

  it('serves a context whatever the order of its pairs', async () => {
    const [one, other] = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ]
    expect(await sharesEncryption({ encryptionContext: one }, { encryptionContext: other })).toBe(true)
    expect(await sharesDecryption({ encryptionContext: one }, { encryptionContext: other })).toBe(true)
  })

  it('serves a set of encrypted data keys whatever their order', async () => {
    const encryptedDataKeys = [key(1), key(2)]
    expect(await sharesDecryption({ encryptedDataKeys }, { encryptedDataKeys: encryptedDataKeys.toReversed() })).toBe(
      true,
    )
  })

  it('serves required keys whatever their order, and however often they are named', async () => {
    const required = (...requiredEncryptionContextKeys: string[]) => ({
      encryptionContext: { a: '1', b: '2' },
      requiredEncryptionContextKeys,
    })
    expect(await sharesEncryption(required('a', 'b'), required('b', 'a', 'b'))).toBe(true)
  })

  it.each([
    ['keyrings', { keyring: keyringNamed('same name') }, { keyring: keyringNamed('same name') }],
    ['suites', {}, { suite: suiteOf(0x0578) }],
    ['commitment policies', {}, { commitmentPolicy: 'require-encrypt-allow-decrypt' }],
    ['contexts', { encryptionContext: { a: 'bc' } }, { encryptionContext: { ab: 'c' } }],
    [
      'contexts and required keys that make one list',
      { encryptionContext: { a: 'b' }, requiredEncryptionContextKeys: ['c', 'd'] },
      { encryptionContext: { a: 'b', c: 'd' } },
    ],
    [
      'required keys',
      { encryptionContext: { a: '1' } },
      { encryptionContext: { a: '1' }, requiredEncryptionContextKeys: ['a'] },
    ],
  ] as const)('never lets two %s share an encryption entry', async (_what, a, b) => {
    expect(await sharesEncryption(a, b)).toBe(false)
  })

  it.each([
    ['keyrings', { keyring: keyringNamed('same name') }, { keyring: keyringNamed('same name') }],
    ['suites', {}, { suite: suiteOf(0x0578) }],
    ['commitment policies', {}, { commitmentPolicy: 'require-encrypt-allow-decrypt' }],
    ['contexts', { encryptionContext: { a: 'bc' } }, { encryptionContext: { ab: 'c' } }],
    [
      'expected contexts',
      { encryptionContext: { a: '1' } },
      { encryptionContext: { a: '1' }, expectedContext: { a: '1' } },
    ],
    [
      'contexts and expected contexts that make one list',
      { encryptionContext: { a: 'b' }, expectedContext: { c: 'd' } },
      { encryptionContext: { a: 'b', c: 'd' } },
    ],
    [
      'encrypted data keys whose fields make one text',
      { encryptedDataKeys: [{ ...key(1), providerId: 'pq', keyInfo: new Uint8Array(0) }] },
      { encryptedDataKeys: [{ ...key(1), providerId: 'p', keyInfo: new TextEncoder().encode('q') }] },
    ],
    [
      'encrypted data keys whose bytes are divided otherwise',
      { encryptedDataKeys: [{ providerId: 'p', keyInfo: Uint8Array.of(1, 2), ciphertext: Uint8Array.of(3) }] },
      { encryptedDataKeys: [{ providerId: 'p', keyInfo: Uint8Array.of(1), ciphertext: Uint8Array.of(2, 3) }] },
    ],
    ['sets of encrypted data keys', { encryptedDataKeys: [key(1)] }, { encryptedDataKeys: [key(1), key(1)] }],
    [
      'encrypted data keys that differ where UTF-8 would not tell',
      { encryptedDataKeys: [key(0xfe)] },
      { encryptedDataKeys: [key(0xff)] },
    ],
  ] as const)('never lets two %s share a decryption entry', async (_what, a, b) => {
    expect(await sharesDecryption(a, b)).toBe(false)
  })

  it('shares between keyrings only where a partition says that they are the same', async () => {
    const [a, b] = [{ keyring: keyringNamed('a') }, { keyring: keyringNamed('b') }]
    expect(await sharesEncryption(a, b, cache('fleet'))).toBe(true)
    expect(await sharesDecryption(a, b, cache('fleet'))).toBe(true)
  })
})
