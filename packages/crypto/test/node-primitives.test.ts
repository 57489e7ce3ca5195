import {
  aesGcmKey,
  counterKdf,
  equal,
  generateRsaKeyPair,
  hmacSha256Key,
  nodeEngine,
  randomBytes,
  scrypt,
  sha256,
  sha256Hex,
  sha384,
  sha512,
  unwrapKwp,
  unwrapRsaAes,
  wrapKwp,
} from '@bongtu/crypto/node'
import { describe, expect, it } from 'vitest'

const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex')
const bytes = (hexadecimal: string) => new Uint8Array(Buffer.from(`a5${hexadecimal}`, 'hex')).subarray(1)
const text = (characters: string) => new TextEncoder().encode(characters)

describe('scrypt', () => {
  it('derives the first 32 bytes of RFC 7914 §12', async () => {
    const derived = await scrypt(text('password'), text('NaCl'), { N: 1024, r: 8, p: 16, maxmem: 2 ** 25 })
    expect(hex(derived)).toBe('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162')
  })

  it('rejects a cost beyond its memory, and costs that are none', async () => {
    await expect(scrypt(text('p'), text('s'), { N: 2 ** 20, r: 8, p: 1, maxmem: 2 ** 20 })).rejects.toThrow(RangeError)
    await expect(scrypt(text('p'), text('s'), { N: 1000, r: 8, p: 1, maxmem: 2 ** 25 })).rejects.toThrow(RangeError)
  })
})

describe('digests and macs', () => {
  it('digests abc as FIPS 180-4 does', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(sha256Hex(text('abc'))).toBe(hex(sha256(text('abc'))))
    expect(hex(sha384(text('abc')))).toMatch(/^cb00753f45a35e8b/)
    expect(hex(sha512(text('abc')))).toMatch(/^ddaf35a193617aba/)
  })

  it('authenticates RFC 4231 §4.3 many times under a key that it copied', () => {
    const key = text('Jefe')
    const mac = hmacSha256Key(key)
    key.fill(0)
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(hex(mac('what do ya want for nothing?'))).toBe(expected)
    expect(hex(mac(text('what do ya want for nothing?')))).toBe(expected)
  })
})

describe('AES key wrap with padding', () => {
  const key = bytes('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8')
  const CASES = [
    ['c37b7e6492584340bed12207808941155068f738', '138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a'],
    ['466f7250617369', 'afbeb0f07dfbf5419200f2ccb50bb24f'],
  ] as const

  it.each(CASES)('wraps and unwraps the examples of RFC 5649 §6', (plaintext, wrapped) => {
    expect(hex(wrapKwp(key, bytes(plaintext)))).toBe(wrapped)
    expect(hex(unwrapKwp(key, bytes(wrapped)))).toBe(plaintext)
  })

  it('wraps every length with each key length', () => {
    for (const keyLength of [16, 24, 32]) {
      const kek = randomBytes(keyLength)
      for (let length = 1; length < 40; length++) {
        const secret = randomBytes(length)
        expect(hex(unwrapKwp(kek, wrapKwp(kek, secret)))).toBe(hex(secret))
      }
    }
  })

  it('answers null for any changed byte, other lengths and other keys', () => {
    const wrapped = wrapKwp(key, bytes('0102030405'))
    for (let i = 0; i < wrapped.length; i++) {
      const changed = wrapped.slice()
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(unwrapKwp(key, changed)).toBeNull()
    }
    for (const length of [0, 8, 15]) expect(unwrapKwp(key, wrapped.subarray(0, length))).toBeNull()
    expect(unwrapKwp(randomBytes(32), wrapped)).toBeNull()
  })

  it('refuses nothing to wrap, and keys that are not of AES', () => {
    expect(() => wrapKwp(key, new Uint8Array(0))).toThrow(RangeError)
    expect(() => wrapKwp(new Uint8Array(20), bytes('01'))).toThrow(RangeError)
    expect(() => unwrapKwp(new Uint8Array(20), bytes('01'))).toThrow(RangeError)
  })
})

describe('RSA key pairs and RSA_AES_KEY_WRAP', () => {
  it.each(['oaep-sha1', 'oaep-sha256'] as const)(
    'unwraps what was wrapped for a generated key with %s',
    async (padding) => {
      const { publicKeyDer, privateKeyDer } = await generateRsaKeyPair(2048)
      const aesKey = randomBytes(32)
      const secret = randomBytes(1217)
      const sealedKey = nodeEngine.importRsaPublicKey(publicKeyDer).encrypt(padding, aesKey)
      const wrapped = Uint8Array.of(...sealedKey, ...wrapKwp(aesKey, secret))
      expect(hex(unwrapRsaAes(privateKeyDer, padding, wrapped))).toBe(hex(secret))
      for (const at of [10, 300]) {
        const changed = wrapped.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(unwrapRsaAes(privateKeyDer, padding, changed)).toBeNull()
      }
      expect(unwrapRsaAes(privateKeyDer, padding, wrapped.subarray(0, 256))).toBeNull()
      expect(unwrapRsaAes(privateKeyDer, padding, new Uint8Array(0))).toBeNull()
    },
  )

  it('refuses an inner key that is not AES-256', async () => {
    const { publicKeyDer, privateKeyDer } = await generateRsaKeyPair(2048)
    const aesKey = randomBytes(16)
    const sealedKey = nodeEngine.importRsaPublicKey(publicKeyDer).encrypt('oaep-sha256', aesKey)
    const wrapped = Uint8Array.of(...sealedKey, ...wrapKwp(aesKey, randomBytes(32)))
    expect(unwrapRsaAes(privateKeyDer, 'oaep-sha256', wrapped)).toBeNull()
  })
})

describe('what the engine shares with servers', () => {
  it('is the same, without promises', () => {
    const gcm = aesGcmKey(randomBytes(32))
    const sealed = gcm.seal(new Uint8Array(12), text('abc'), text(''))
    expect(hex(gcm.open(new Uint8Array(12), sealed, text('')))).toBe(hex(text('abc')))
    expect(counterKdf('sha256', text('k'), text('i'), 32)).toEqual(
      nodeEngine.counterKdf('sha256', text('k'), text('i'), 32),
    )
    expect([equal(text('a'), text('a')), equal(text('a'), text('b'))]).toEqual([true, false])
  })
})
