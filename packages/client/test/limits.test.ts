import { describe, expect, it } from 'vitest'
import { FrameSealer } from '../src/frame-sealer.ts'
import { type DecryptOptions, decrypt, encrypt, encryptStream, inspect, openRange } from '../src/index.ts'
import { chunksOf, concat, numbered } from './support/bytes.ts'
import { craft, field, uint } from './support/craft.ts'
import { coreDriver, drivers, oneShotDriver } from './support/drivers.ts'
import { codeOf, rejection, rejectionCode, thrown } from './support/errors.ts'
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
  it('bounds the frame length that the header states, inclusively, and is 64 MiB by default', async () => {
    for (const [frameLength, limits] of [
      [64, { maxFrameLength: 64 }],
      [64 * MiB, {}],
    ] as const) {
      const { ciphertext } = await encrypt(numbered(3), { keyring, frameLength })
      await decrypt(ciphertext, { keyring, ...limits })
      const more = await encrypt(numbered(3), { keyring, frameLength: frameLength + 1 })
      expect(await rejectionCode(decrypt(more.ciphertext, { keyring, ...limits }))).toBe('ERR_LIMIT')
    }
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

  it('is a bound, not a promise: less may come', async () => {
    expect((await coreDriver.encrypt([numbered(3)], { keyring, plaintextLength: 10 })).error).toBeUndefined()
  })

  it('does not matter to a call that has the whole plaintext', async () => {
    expect((await oneShotDriver.encrypt([numbered(30)], { keyring, plaintextLength: 10 })).error).toBeUndefined()
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

describe('numbers at the edges of what the format can say', () => {
  const nonFramed = (length: bigint): Uint8Array => {
    const { message } = craft({ suite: 0x0478, plaintext: numbered(0), frameLength: 0 })
    const bytes = message.slice(0, -16)
    new DataView(bytes.buffer).setBigUint64(bytes.length - 8, length)
    return bytes
  }
  const { keyring: crafted } = craft({ suite: 0x0478, plaintext: numbered(0) })
  const unlimited = { keyring: crafted, maxFrameLength: Number.MAX_SAFE_INTEGER }

  it('a non-framed body may announce up to 2^36 - 32 bytes', async () => {
    for (const length of [1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 36n - 32n]) {
      expect(await rejectionCode(decrypt(nonFramed(length), unlimited)), `${length}`).toBe('ERR_TRUNCATED')
    }
    for (const length of [2n ** 36n - 31n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(await rejectionCode(decrypt(nonFramed(length), unlimited)), `${length}`).toBe('ERR_MALFORMED')
    }
  })

  it('inspect compares such lengths with the file, exactly', async () => {
    for (const length of [0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]) {
      const bytes = concat([nonFramed(length), new Uint8Array(16)])
      const { structure, plaintextLength } = await inspect(bytes)
      expect([structure, plaintextLength]).toEqual(length === 0n ? ['whole', 0] : ['cut or extended', null])
    }
  })

  it('a message has at most 2^32 - 1 frames, the last of which is final', () => {
    const aead = { sealFrames: () => {} }
    const make = (): FrameSealer => new FrameSealer(aead as never, new Uint8Array(32), 1)
    const chunk = (length: number): Uint8Array => ({ length }) as Uint8Array
    const reached = new Error('allocated')
    const allocate = (): never => {
      throw reached
    }
    expect(thrown(() => make().push(chunk(2 ** 32 - 1), allocate))).toBe(reached)
    expect(codeOf(thrown(() => make().push(chunk(2 ** 32), allocate)))).toBe('ERR_LIMIT')
    expect(codeOf(thrown(() => make().push(chunk(2 ** 53 - 1), allocate)))).toBe('ERR_LIMIT')
  })

  it('a frame length of 2^32 - 1 holds a small plaintext at the cost of a small one', async () => {
    const before = process.memoryUsage().arrayBuffers
    for (const driver of drivers) {
      const { released } = await driver.encrypt(chunksOf(numbered(1000), 100), { keyring, frameLength: 2 ** 32 - 1 })
      const options = { keyring, maxFrameLength: 2 ** 32 - 1 }
      expect((await driver.decrypt([released], options)).released).toEqual(numbered(1000))
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MiB)
    encryptStream({ keyring, frameLength: 2 ** 32 - 1 })
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
