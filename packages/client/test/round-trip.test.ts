import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  algorithmSuites,
  type DecryptOptions,
  decrypt,
  type EncryptOptions,
  encrypt,
  encryptedLength,
} from '../src/index.ts'
import { chunksOf, concat, isZero, numbered, sameBytes } from './support/bytes.ts'
import { coreDriver, drivers } from './support/drivers.ts'
import { policyFor } from './support/suites.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const sizesAround = (frameLength: number): number[] => [
  ...new Set([0, 1, frameLength - 1, frameLength, frameLength + 1, frameLength * 3, frameLength * 3 + 5]),
]

describe('what was encrypted decrypts', () => {
  for (const suite of algorithmSuites) {
    it(`under ${suite.name} at every size around a frame`, async () => {
      const options = { keyring, ...policyFor(suite), encryptionContext: { tenant: 'acme' } }
      for (const frameLength of suite.signature === null ? [1, 16, 4096] : [16]) {
        for (const size of sizesAround(frameLength)) {
          const plaintext = numbered(size)
          const { ciphertext } = await encrypt(plaintext, { ...options, frameLength })
          const opened = await decrypt(ciphertext, decryptOptions(options))
          expect(sameBytes(opened.plaintext, plaintext)).toBe(true)
          expect(opened.header.suite.id).toBe(suite.id)
          expect(opened.encryptionContext).toMatchObject({ tenant: 'acme' })
        }
      }
    })
  }

  it('to a message whose length is known from its header: exactly, or but for the signature', async () => {
    for (const suite of algorithmSuites) {
      for (const plaintextLength of [0, 1, 99, 100, 101, 250]) {
        const options = { ...policyFor(suite), frameLength: 100, encryptionContext: { a: '1', b: '2' } }
        const written = { keyring, ...options, requiredEncryptionContextKeys: ['b'] }
        const { ciphertext, header } = await encrypt(numbered(plaintextLength), written)
        const { minimum, maximum } = encryptedLength({ ...header, plaintextLength })
        expect(ciphertext.length).toBeGreaterThanOrEqual(minimum)
        expect(ciphertext.length).toBeLessThanOrEqual(maximum)
        expect(minimum === maximum).toBe(suite.signature === null)
        // The writer of a message knows it beforehand: the public key is counted where the header does not hold it yet.
        const { suite: of, encryptedDataKeys, frameLength } = header
        const before = { suite: of, encryptedDataKeys, frameLength, encryptionContext: { a: '1' } }
        expect(encryptedLength({ ...before, plaintextLength })).toEqual({ minimum, maximum })
      }
    }
  })

  it('by every way in and every way out, in any chunks', async () => {
    const plaintext = numbered(1000)
    for (const writer of drivers) {
      for (const reader of drivers) {
        const message = await writer.encrypt(chunksOf(plaintext, 37), { keyring, frameLength: 64 })
        expect(message.error).toBeUndefined()
        const { released, error } = await reader.decrypt(chunksOf(message.released, 101), { keyring })
        expect(error).toBeUndefined()
        expect(sameBytes(released, plaintext)).toBe(true)
      }
    }
  })

  for (const engine of [webEngine, nobleEngine]) {
    it(`on the ${engine.name} engine, and between it and the default one`, async () => {
      const plaintext = numbered(700)
      for (const suite of algorithmSuites) {
        const options = { keyring, ...policyFor(suite) }
        for (const driver of drivers) {
          const there = await driver.encrypt(chunksOf(plaintext, 97), { ...options, frameLength: 100, engine })
          const back = await decrypt(there.released, decryptOptions(options))
          expect(sameBytes(back.plaintext, plaintext)).toBe(true)
          const { ciphertext } = await encrypt(plaintext, { ...options, frameLength: 100 })
          const { released, error } = await driver.decrypt(chunksOf(ciphertext, 97), {
            ...decryptOptions(options),
            engine,
          })
          expect(error).toBeUndefined()
          expect(sameBytes(released, plaintext)).toBe(true)
        }
      }
    })
  }
})

describe('for any plaintext, frame length, context and chunks', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 })
  const context = fc.dictionary(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    {
      maxKeys: 5,
    },
  )
  const unsigned = fc.constantFrom(...algorithmSuites.filter(({ signature }) => signature === null))

  it('the round trip is the identity', async () => {
    await fc.assert(
      fc.asyncProperty(
        unsigned,
        chunks,
        context,
        fc.integer({ min: 1, max: 50 }),
        async (suite, parts, pairs, frameLength) => {
          const options = { keyring, ...policyFor(suite) }
          const message = await coreDriver.encrypt(parts, { ...options, frameLength, encryptionContext: pairs })
          const opened = await decrypt(message.released, { ...decryptOptions(options), encryptionContext: pairs })
          expect(sameBytes(opened.plaintext, concat(parts))).toBe(true)
          expect({ ...opened.encryptionContext }).toEqual({ ...pairs })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('the length of the message depends on the plaintext, not on its chunks', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 50 }), async (parts, frameLength) => {
        const options = { keyring, algorithmSuite: 0x0478, frameLength }
        const inParts = await coreDriver.encrypt(parts, options)
        const { ciphertext } = await encrypt(concat(parts), options)
        expect(inParts.released.length).toBe(ciphertext.length)
      }),
      { numRuns: 200 },
    )
  })

  it('a message reads alike however it is cut', async () => {
    const plaintext = numbered(300)
    const messages = await Promise.all(
      algorithmSuites.map(async (suite) => {
        const options = { keyring, ...policyFor(suite) }
        return { options, message: (await encrypt(plaintext, { ...options, frameLength: 64 })).ciphertext }
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...messages),
        fc.array(fc.nat(1000), { maxLength: 12 }),
        fc.constantFrom(...drivers),
        async ({ options, message }, cuts, driver) => {
          const ends = [...cuts.map((cut) => Math.min(cut, message.length)), message.length].sort((a, b) => a - b)
          const parts = ends.map((end, index) => message.subarray(index === 0 ? 0 : ends[index - 1], end))
          const { released, error } = await driver.decrypt(parts, decryptOptions(options))
          expect(error).toBeUndefined()
          expect(sameBytes(released, plaintext)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('byte by byte too', async () => {
    const plaintext = numbered(200)
    for (const driver of drivers) {
      const message = await driver.encrypt(chunksOf(plaintext, 1), { keyring, frameLength: 64 })
      const { released } = await driver.decrypt(chunksOf(message.released, 1), { keyring })
      expect(sameBytes(released, plaintext)).toBe(true)
    }
  })
})

describe('the encryption context', () => {
  it('may hold keys that JavaScript treats specially, and any plane of Unicode', async () => {
    const pairs: Record<string, string> = Object.create(null)
    for (const key of ['__proto__', 'constructor', 'toString', '2', '10', '', '\u{ff5e}', '\u{1f600}', 'ÿ'])
      pairs[key] = key
    const { ciphertext, header } = await encrypt(numbered(5), { keyring, encryptionContext: pairs })
    const opened = await decrypt(ciphertext, { keyring, encryptionContext: pairs })
    for (const [key, value] of Object.entries(pairs)) {
      expect(header.encryptionContext[key]).toBe(value)
      expect(opened.encryptionContext[key]).toBe(value)
    }
    expect(Object.getPrototypeOf(opened.encryptionContext)).toBeNull()
  })
})

it('every data key that a keyring handed out is zeroed once the call is over', async () => {
  const observed = toyKeyring()
  const { ciphertext } = await encrypt(numbered(5), { keyring: observed })
  await decrypt(ciphertext, { keyring: observed })
  expect(observed.handedOut).toHaveLength(2)
  expect(observed.handedOut.every(isZero)).toBe(true)
})

function decryptOptions({ keyring, commitmentPolicy }: EncryptOptions): DecryptOptions {
  return commitmentPolicy === undefined ? { keyring } : { keyring, commitmentPolicy }
}
