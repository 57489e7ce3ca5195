import { describe, expect, it } from 'vitest'
import { algorithmSuites, BongtuError, encrypt, inspect, openRange } from '../src/index.ts'
import { concat, numbered } from './support/bytes.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejection } from './support/errors.ts'
import { policyFor } from './support/suites.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const utf8 = new TextEncoder()
const text = (bytes: Uint8Array, encoding: 'base64' | 'hex'): Uint8Array =>
  utf8.encode(Buffer.from(bytes).toString(encoding))

/** What a KMS blob of a symmetric key begins with, and random bytes behind it. */
const kmsBlob = concat([Uint8Array.from([1, 2, 2, 0, 0x78]), numbered(150)])

const wrong: Record<string, { readonly bytes: Uint8Array; readonly says: RegExp }> = {
  'a ciphertext blob of AWS KMS': { bytes: kmsBlob, says: /AWS KMS/ },
  'Base64 of a ciphertext blob of AWS KMS': { bytes: text(kmsBlob, 'base64'), says: /Base64.*AWS KMS/ },
  'an age file': { bytes: utf8.encode('age-encryption.org/v1\n-> X25519 abc\n'), says: /age/ },
  'PEM text': { bytes: utf8.encode('-----BEGIN PRIVATE KEY-----\nMIIE\n'), says: /PEM/ },
  'plain text': { bytes: utf8.encode('hello, world, this is plain text of some length'), says: /no encrypted message/ },
}
for (const suite of algorithmSuites.filter(({ id }) => [0x0014, 0x0378, 0x0478, 0x0578].includes(id))) {
  const { ciphertext } = await encrypt(numbered(90), { keyring, ...policyFor(suite) })
  wrong[`Base64 of a message under ${suite.name}`] = { bytes: text(ciphertext, 'base64'), says: /Base64/ }
  wrong[`hexadecimal digits of a message under ${suite.name}`] = { bytes: text(ciphertext, 'hex'), says: /hexadecimal/ }
}

describe('what is no message is named in the error', () => {
  for (const [what, { bytes, says }] of Object.entries(wrong)) {
    it(`${what}, by every way in and in any chunks`, async () => {
      for (const driver of drivers) {
        for (const chunks of [[bytes], [bytes.subarray(0, 1), bytes.subarray(1, 2), bytes.subarray(2)]]) {
          const { error } = await driver.decrypt(chunks, { keyring })
          expect(codeOf(error)).toBe('ERR_MALFORMED')
          expect((error as Error).message).toMatch(says)
        }
      }
      for (const attempt of [inspect(bytes), openRange(bytes, { keyring })]) {
        expect((await rejection(attempt)) as Error).toMatchObject({ message: expect.stringMatching(says) })
      }
    })
  }

  it('nothing at all is truncated', async () => {
    for (const driver of drivers) {
      const { error } = await driver.decrypt([], { keyring })
      expect(codeOf(error)).toBe('ERR_TRUNCATED')
    }
  })
})

it('an error is recognised across installed copies, which instanceof does not do', async () => {
  const specifier = '../../message-format/src/errors.ts?second-copy'
  const second = (await import(/* @vite-ignore */ specifier)) as typeof import('@bongtu/message-format')
  expect(second.BongtuError).not.toBe(BongtuError)
  const foreign = new second.BongtuError('ERR_LIMIT', 'too long')
  expect(foreign).not.toBeInstanceOf(BongtuError)
  expect(BongtuError.is(foreign)).toBe(true)
  expect(BongtuError.is(foreign, 'ERR_LIMIT')).toBe(true)
  expect(BongtuError.is(foreign, 'ERR_POLICY')).toBe(false)
  const keyringOfCopy = { ...keyring, wrapDataKey: () => Promise.reject(foreign) }
  expect(await rejection(encrypt(numbered(1), { keyring: keyringOfCopy }))).toBe(foreign)
  for (const other of [new Error('x'), { code: 'ERR_LIMIT' }, null, 'ERR_LIMIT'])
    expect(BongtuError.is(other)).toBe(false)
})
