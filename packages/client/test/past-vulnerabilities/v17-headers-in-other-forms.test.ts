import { describe, expect, it } from 'vitest'
import { decrypt, inspect } from '../../src/index.ts'
import { concat, numbered } from '../support/bytes.ts'
import { craft, encodeContext, field, uint } from '../support/craft.ts'
import { drivers } from '../support/drivers.ts'
import { codeOf } from '../support/errors.ts'

const plaintext = numbered(20)
const commitmentPolicy = 'require-encrypt-allow-decrypt'
const utf8 = new TextEncoder()

const context = { a: '1', b: '2' }
const pair = (key: Uint8Array, value: Uint8Array): Uint8Array => concat([...field(key), ...field(value)])
const [a, b] = [pair(utf8.encode('a'), utf8.encode('1')), pair(utf8.encode('b'), utf8.encode('2'))] as const

/** Writes other bytes where the context stands. */
const withContext =
  (bytes: Uint8Array) =>
  (body: Uint8Array): Uint8Array => {
    const usual = concat(field(encodeContext(context)))
    const at = Buffer.from(body).indexOf(usual)
    return concat([body.subarray(0, at), ...field(bytes), body.subarray(at + usual.length)])
  }

/** Writes other bytes at a place counted from the end of a header body of that version. */
const withBytes =
  (fromEnd: number, bytes: Uint8Array) =>
  (body: Uint8Array): Uint8Array => {
    const copy = body.slice()
    copy.set(bytes, body.length - fromEnd)
    return copy
  }

const refused: Readonly<Record<string, { readonly suite: number; readonly alter: (body: Uint8Array) => Uint8Array }>> =
  {
    'a context key twice': { suite: 0x0478, alter: withContext(concat([uint(2, 2), a, a])) },
    'a context key twice, under two values': {
      suite: 0x0478,
      alter: withContext(concat([uint(2, 2), a, pair(utf8.encode('a'), utf8.encode('3'))])),
    },
    'bytes behind the last pair': { suite: 0x0478, alter: withContext(concat([uint(1, 2), a, uint(0, 1)])) },
    'fewer pairs than it counts': { suite: 0x0478, alter: withContext(concat([uint(3, 2), a, b])) },
    'more pairs than it counts': { suite: 0x0478, alter: withContext(concat([uint(1, 2), a, b])) },
    'a key that is not UTF-8': {
      suite: 0x0478,
      alter: withContext(concat([uint(1, 2), pair(Uint8Array.of(0xc3), utf8.encode('1'))])),
    },
    'a value in overlong UTF-8': {
      suite: 0x0478,
      alter: withContext(concat([uint(1, 2), pair(utf8.encode('a'), Uint8Array.of(0xc0, 0x80))])),
    },
    'a value that is a surrogate in UTF-8': {
      suite: 0x0478,
      alter: withContext(concat([uint(1, 2), pair(utf8.encode('a'), Uint8Array.of(0xed, 0xa0, 0x80))])),
    },
    'a context of one byte': { suite: 0x0478, alter: withContext(uint(0, 1)) },
    'an unknown content type': { suite: 0x0478, alter: withBytes(37, uint(3, 1)) },
    'a framed message without frame length': { suite: 0x0478, alter: withBytes(36, uint(0, 4)) },
    'a non-framed message with a frame length': { suite: 0x0478, alter: withBytes(37, uint(1, 1)) },
    'reserved bytes that are not zero': { suite: 0x0178, alter: withBytes(9, uint(1, 4)) },
    'another length of initialisation vectors': { suite: 0x0178, alter: withBytes(5, uint(16, 1)) },
    'no encrypted data key': {
      suite: 0x0478,
      alter: (body) => {
        const at = Buffer.from(body).indexOf(concat([uint(1, 2), ...field(utf8.encode('crafted'))]))
        return concat([body.subarray(0, at), uint(0, 2), body.subarray(body.length - 37)])
      },
    },
  }

/** The SDK for C once read headers in forms that nobody writes. Here their tags are right, so that only the parser can refuse. */
describe('V17: a header in another form than the specification writes is refused', () => {
  for (const [what, { suite, alter }] of Object.entries(refused)) {
    it(`with ${what}`, async () => {
      const { message, keyring } = craft({ suite, plaintext, context, alterHeader: alter })
      for (const driver of drivers) {
        const { released, error } = await driver.decrypt([message], { keyring, commitmentPolicy })
        expect(codeOf(error)).toBe('ERR_MALFORMED')
        expect(released).toHaveLength(0)
      }
    })
  }

  it('except for two forms that other implementations wrote, which are authenticated as received', async () => {
    const order = craft({ suite: 0x0478, plaintext, context, alterHeader: withContext(concat([uint(2, 2), b, a])) })
    const zero = craft({ suite: 0x0478, plaintext, context, alterHeader: withContext(uint(0, 2)) })
    for (const [{ message, keyring }, pairs] of [
      [order, context],
      [zero, {}],
    ] as const) {
      expect((await decrypt(message, { keyring })).plaintext).toEqual(plaintext)
      expect({ ...(await inspect(message)).header.encryptionContext }).toEqual(pairs)
    }
  })
})
