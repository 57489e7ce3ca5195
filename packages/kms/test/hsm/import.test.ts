import { createPublicKey, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { KeyName, WrappingAlgorithm, WrappingKeySpec } from '../../src/hsm/port.ts'
import { codeOf, DAY, flipped, freshHsm, KEY_A, KEY_B, NOON, offsetView, type TestHsm, text } from './support.ts'
import { wrapMaterial } from './wrap.ts'

const ALGORITHMS: readonly WrappingAlgorithm[] = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
]

async function parameters(hsm: TestHsm['hsm'], algorithm: WrappingAlgorithm, spec: WrappingKeySpec = 'RSA_2048') {
  return hsm.execute('createImportParameters', { key: KEY_A, wrappingAlgorithm: algorithm, wrappingKeySpec: spec })
}

function importInto(key: KeyName, hsm: TestHsm['hsm'], importToken: Uint8Array, encryptedKeyMaterial: Uint8Array) {
  return hsm.execute('importKeyMaterial', { key, spec: 'SYMMETRIC_DEFAULT', importToken, encryptedKeyMaterial })
}

describe('import of key material', () => {
  it.each(ALGORITHMS)('§9.3 imports what was wrapped by %s', async (algorithm) => {
    const { hsm } = await freshHsm()
    const material = randomBytes(32)
    const { publicKey, importToken, validTo } = await parameters(hsm, algorithm)
    expect(validTo).toBe(NOON + DAY)
    const imported = await importInto(
      KEY_A,
      hsm,
      offsetView(importToken),
      offsetView(wrapMaterial(algorithm, publicKey, material)),
    )
    expect(imported.backingKeyId).toBe(hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', material).backingKeyId)
    const sealed = await hsm.execute('encrypt', {
      key: KEY_A,
      ...imported,
      plaintext: text('x'),
      encryptionContext: {},
    })
    const opened = await hsm.execute('decrypt', { key: KEY_A, ...imported, ...sealed, encryptionContext: {} })
    expect(opened.plaintext).toEqual(text('x'))
  })

  it.each([
    ['RSA_2048', 2048],
    ['RSA_3072', 3072],
    ['RSA_4096', 4096],
  ] as const)('makes a wrapping key of spec %s, and a token that the API can carry', async (spec, bits) => {
    const { hsm } = await freshHsm()
    const { publicKey, importToken } = await parameters(hsm, 'RSAES_OAEP_SHA_256', spec)
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(bits)
    expect(importToken.length).toBeLessThanOrEqual(6144)
  })

  it('a token with any one byte altered, of another key, or rubbish is refused', async () => {
    const { hsm } = await freshHsm()
    const { publicKey, importToken } = await parameters(hsm, 'RSAES_OAEP_SHA_256')
    const wrapped = wrapMaterial('RSAES_OAEP_SHA_256', publicKey, randomBytes(32))
    for (let at = 0; at < importToken.length; at += at < 60 ? 1 : 101) {
      const code = await codeOf(importInto(KEY_A, hsm, flipped(importToken, at), wrapped))
      expect(code, `byte ${at}`).toBe(at >= 3 && at < 19 ? 'unknownDomainKey' : 'invalidImportToken')
    }
    for (const key of [KEY_B, { ...KEY_A, region: 'eu-west-1' }]) {
      expect(await codeOf(importInto(key, hsm, importToken, wrapped))).toBe('invalidImportToken')
    }
    expect(await codeOf(importInto(KEY_A, hsm, text('rubbish'), wrapped))).toBe('invalidImportToken')
    expect(await codeOf(importInto(KEY_A, hsm, new Uint8Array(6145), wrapped))).toBe('invalidParameter')
  })

  it('names neither account nor key in the token', async () => {
    const { hsm } = await freshHsm()
    const { importToken } = await parameters(hsm, 'RSAES_OAEP_SHA_256')
    for (const name of Object.values(KEY_A)) expect(Buffer.from(importToken).includes(name)).toBe(false)
  })

  it('a token is valid for 24 hours, across rotations of the domain key', async () => {
    const { hsm, clock } = await freshHsm()
    const { publicKey, importToken } = await parameters(hsm, 'RSAES_OAEP_SHA_256')
    const wrapped = wrapMaterial('RSAES_OAEP_SHA_256', publicKey, randomBytes(32))
    await hsm.execute('installDomain', await hsm.execute('rotateDomainKey', { leaving: [] }))
    clock.now = NOON + DAY
    await importInto(KEY_A, hsm, importToken, wrapped)
    clock.now += 1
    expect(await codeOf(importInto(KEY_A, hsm, importToken, wrapped))).toBe('expiredImportToken')
  })

  it('refuses material that does not unwrap: another algorithm, another key, altered', async () => {
    const { hsm } = await freshHsm()
    for (const algorithm of ALGORITHMS) {
      const { publicKey, importToken } = await parameters(hsm, algorithm)
      const wrapped = wrapMaterial(algorithm, publicKey, randomBytes(32))
      const tries = [
        ...ALGORITHMS.filter((other) => other !== algorithm).map((other) =>
          wrapMaterial(other, publicKey, randomBytes(32)),
        ),
        wrapMaterial(algorithm, (await parameters(hsm, algorithm)).publicKey, randomBytes(32)),
        flipped(wrapped, wrapped.length - 1),
        wrapped.subarray(0, 100),
        randomBytes(6144),
      ]
      for (const wrong of tries) {
        expect(await codeOf(importInto(KEY_A, hsm, importToken, wrong)), algorithm).toBe('materialNotUnwrapped')
      }
    }
  })

  it.each([16, 31, 33, 64])('refuses material of %i bytes for a symmetric key', async (length) => {
    const { hsm } = await freshHsm()
    const { publicKey, importToken } = await parameters(hsm, 'RSA_AES_KEY_WRAP_SHA_256')
    const wrapped = wrapMaterial('RSA_AES_KEY_WRAP_SHA_256', publicKey, randomBytes(length))
    expect(await codeOf(importInto(KEY_A, hsm, importToken, wrapped))).toBe('invalidMaterial')
  })

  it('knows no RSAES_PKCS1_V1_5 and no other wrapping key', async () => {
    const { hsm } = await freshHsm()
    expect(await codeOf(parameters(hsm, 'RSAES_PKCS1_V1_5' as WrappingAlgorithm))).toBe('invalidParameter')
    expect(await codeOf(parameters(hsm, 'RSAES_OAEP_SHA_1', 'RSA_1024' as WrappingKeySpec))).toBe('invalidParameter')
  })
})
