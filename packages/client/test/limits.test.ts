import { describe, expect, it } from 'vitest'
import { type DecryptOptions, decrypt, encrypt, inspect, openRange } from '../src/index.ts'
import { chunksOf, concat, numbered } from './support/bytes.ts'
import { craft, field, uint } from './support/craft.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejection, rejectionCode } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const MiB = 2 ** 20

describe('maxEncryptedDataKeys', () => {
  const { wrapDataKey, unwrapDataKey } = toyKeyring({ copies: 11 })
  const eleven = { wrapDataKey, unwrapDataKey }

  it('is 10 on both sides, so that nothing is written which is then refused', async () => {
    const ten = toyKeyring({ copies: 10 })
    const { ciphertext } = await encrypt(numbered(3), { keyring: ten })
    await decrypt(ciphertext, { keyring: ten })
    expect(await rejectionCode(encrypt(numbered(3), { keyring: eleven }))).toBe('ERR_LIMIT')
    const more = await encrypt(numbered(3), { keyring: eleven, maxEncryptedDataKeys: 11 })
    for (const driver of drivers) {
      const { error } = await driver.decrypt([more.ciphertext], { keyring: eleven })
      expect(codeOf(error)).toBe('ERR_LIMIT')
    }
    expect(await rejectionCode(inspect(more.ciphertext))).toBe('ERR_LIMIT')
    expect(await rejectionCode(openRange(more.ciphertext, { keyring: eleven, unverified: 'release' }))).toBe(
      'ERR_LIMIT',
    )
  })

  it('is inclusive, and false turns it off', async () => {
    for (const maxEncryptedDataKeys of [11, false] as const) {
      const options = { keyring: eleven, maxEncryptedDataKeys }
      const { ciphertext } = await encrypt(numbered(3), options)
      await decrypt(ciphertext, options)
      await inspect(ciphertext, { maxEncryptedDataKeys })
    }
  })
})

describe('maxHeaderLength', () => {
  it('bounds header and tag, inclusively', async () => {
    const { ciphertext } = await encrypt(numbered(3), { keyring, encryptionContext: { a: 'x'.repeat(5000) } })
    const { headerLength } = await inspect(ciphertext)
    await decrypt(ciphertext, { keyring, maxHeaderLength: headerLength })
    for (const driver of drivers) {
      const { error } = await driver.decrypt([ciphertext], { keyring, maxHeaderLength: headerLength - 1 })
      expect(codeOf(error)).toBe('ERR_LIMIT')
    }
    expect(await rejectionCode(inspect(ciphertext, { maxHeaderLength: headerLength - 1 }))).toBe('ERR_LIMIT')
  })

  it('is 1 MiB by default', async () => {
    const twenty = bigHeader(20, 60_000)
    expect(twenty.length).toBeGreaterThan(MiB)
    const unlimited = { keyring, maxEncryptedDataKeys: false } as const
    expect(await rejectionCode(decrypt(twenty, unlimited))).toBe('ERR_LIMIT')
    expect(await rejectionCode(decrypt(twenty, { ...unlimited, maxHeaderLength: 2 * MiB }))).toBe('ERR_TRUNCATED')
  })
})

describe('maxFrameLength', () => {
  it.each([
    ['a regular frame', 65],
    ['a final frame', 64],
  ])('bounds the length of %s, inclusively', async (_which, plaintextLength) => {
    const { ciphertext } = await encrypt(numbered(plaintextLength), { keyring, frameLength: 64 })
    const range = (maxFrameLength: number) => openRange(ciphertext, { keyring, maxFrameLength, unverified: 'release' })
    for (const driver of drivers) {
      const whole = await driver.decrypt(chunksOf(ciphertext, 100), { keyring, maxFrameLength: 64 })
      expect(whole.released).toEqual(numbered(plaintextLength))
      const { released, error } = await driver.decrypt(chunksOf(ciphertext, 100), { keyring, maxFrameLength: 63 })
      expect([codeOf(error), released.length]).toEqual(['ERR_LIMIT', 0])
    }
    expect((await range(64)).plaintextLength).toBe(plaintextLength)
    expect(await rejectionCode(range(63))).toBe('ERR_LIMIT')
  })

  it('is 64 MiB by default', async () => {
    const { message, keyring: crafted } = craft({ suite: 0x0478, plaintext: numbered(0), frameLength: 64 * MiB + 1 })
    const announced = (length: number) =>
      concat([message.slice(0, -40), uint(0xffffffff, 4), uint(1, 4), numbered(12), uint(length, 4)])
    expect(await rejectionCode(decrypt(announced(64 * MiB), { keyring: crafted }))).toBe('ERR_TRUNCATED')
    expect(await rejectionCode(decrypt(announced(64 * MiB + 1), { keyring: crafted }))).toBe('ERR_LIMIT')
  })

  it('lets a short message pass whose header states longer frames than any that comes', async () => {
    const { ciphertext } = await encrypt(numbered(3), { keyring, frameLength: 2 ** 32 - 1 })
    expect((await decrypt(ciphertext, { keyring, maxFrameLength: 3 })).plaintext).toEqual(numbered(3))
  })

  it('bounds a non-framed body by the length that it announces', async () => {
    const { message, keyring: crafted } = craft({ suite: 0x0578, plaintext: numbered(100), frameLength: 0 })
    for (const driver of drivers) {
      const options = { keyring: crafted, maxFrameLength: 100 }
      expect((await driver.decrypt([message], options)).released).toEqual(numbered(100))
      const refused = await driver.decrypt([message], { ...options, maxFrameLength: 99 })
      expect(codeOf(refused.error)).toBe('ERR_LIMIT')
    }
  })
})

describe('maxPlaintextLength', () => {
  it('is inclusive, and nothing beyond it is released', async () => {
    const { ciphertext } = await encrypt(numbered(100), { keyring, frameLength: 10 })
    for (const driver of drivers) {
      const whole = await driver.decrypt([ciphertext], { keyring, maxPlaintextLength: 100 })
      expect(whole.released).toEqual(numbered(100))
      for (const maxPlaintextLength of [0, 1, 99]) {
        const { released, error } = await driver.decrypt(chunksOf(ciphertext, 7), { keyring, maxPlaintextLength })
        expect(codeOf(error)).toBe('ERR_LIMIT')
        expect(released.length).toBeLessThanOrEqual(maxPlaintextLength)
      }
    }
    const range = (maxPlaintextLength: number) =>
      openRange(ciphertext, { keyring, maxPlaintextLength, unverified: 'release' })
    expect((await range(100)).plaintextLength).toBe(100)
    expect(await rejectionCode(range(99))).toBe('ERR_LIMIT')
  })

  it('of 0 lets an empty message pass', async () => {
    const { ciphertext } = await encrypt(new Uint8Array(0), { keyring })
    expect((await decrypt(ciphertext, { keyring, maxPlaintextLength: 0 })).plaintext).toHaveLength(0)
  })
})

describe('plaintextLength', () => {
  it('bounds a stream, 0 included, at once', async () => {
    for (const plaintextLength of [0, 5, 100]) {
      for (const driver of drivers.slice(1)) {
        const fits = await driver.encrypt(chunksOf(numbered(plaintextLength), 3), { keyring, plaintextLength })
        expect(fits.error).toBeUndefined()
        const tooMuch = [...chunksOf(numbered(plaintextLength), 3), numbered(1)]
        const { error } = await driver.encrypt(tooMuch, { keyring, plaintextLength })
        expect(codeOf(error)).toBe('ERR_LIMIT')
      }
    }
  })
})

describe('a hostile header costs memory by the bytes received, never by the lengths announced', () => {
  const MOST_GROWTH = 16 * MiB
  const hostile: Readonly<Record<string, { readonly bytes: Uint8Array; readonly limits: Partial<DecryptOptions> }>> = {
    '65,535 encrypted data keys': { bytes: bigHeader(0, 0, 65_535), limits: { maxEncryptedDataKeys: false } },
    'encrypted data keys of 64 KiB': { bytes: bigHeader(3, 65_535, 65_535), limits: { maxEncryptedDataKeys: false } },
    'a context of 64 KiB': { bytes: concat([start(), uint(65_535, 2), uint(16_000, 2)]), limits: {} },
    'frames of 4 GiB': {
      bytes: concat([
        craft({ suite: 0x0478, plaintext: numbered(0), frameLength: 2 ** 32 - 1 }).message.slice(0, -40),
        uint(1, 4),
        numbered(100),
      ]),
      limits: { maxFrameLength: 2 ** 32 },
    },
    'a non-framed body of 64 GiB': {
      bytes: concat([
        craft({ suite: 0x0478, plaintext: numbered(0), frameLength: 0 }).message.slice(0, -24),
        uint(2 ** 36 - 32, 8),
      ]),
      limits: { maxFrameLength: 2 ** 40 },
    },
  }
  for (const [what, { bytes, limits }] of Object.entries(hostile)) {
    it(`with ${what}`, async () => {
      const { keyring: crafted } = craft({ suite: 0x0478, plaintext: numbered(0) })
      for (const driver of drivers) {
        const before = process.memoryUsage()
        const { released, error } = await driver.decrypt([bytes], { keyring: crafted, ...limits })
        const after = process.memoryUsage()
        expect(['ERR_TRUNCATED', 'ERR_LIMIT', 'ERR_MALFORMED']).toContain(codeOf(error))
        expect(released).toHaveLength(0)
        expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(MOST_GROWTH)
      }
    })
  }

  it('and is refused with ERR_LIMIT as soon as a length passes its limit', async () => {
    for (const { bytes } of Object.values(hostile).filter((_, index) => index !== 2)) {
      const { keyring: crafted } = craft({ suite: 0x0478, plaintext: numbered(0) })
      expect(await rejectionCode(decrypt(bytes, { keyring: crafted }))).toBe('ERR_LIMIT')
    }
  })

  it('is refused by its number of keys before the first of them came', async () => {
    const error = await rejection(decrypt(concat([start(), uint(0, 2), uint(11, 2)]), { keyring }))
    expect(codeOf(error)).toBe('ERR_LIMIT')
  })
})

/** Version, suite and message id. */
function start(): Uint8Array {
  return concat([uint(2, 1), uint(0x0478, 2), numbered(32)])
}

/** A header that says it has `announced` encrypted data keys and then holds `count`, each of about `length` bytes. */
function bigHeader(count: number, length: number, announced = count): Uint8Array {
  const key = [...field(numbered(4).fill(0x61)), ...field(numbered(3)), ...field(numbered(length))]
  return concat([start(), uint(0, 2), uint(announced, 2), ...Array(count).fill(concat(key))])
}
