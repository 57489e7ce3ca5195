import { describe, expect, it } from 'vitest'
import { recognise, suiteById } from '../src/index.ts'
import { decodeChunks, expectRefused } from './support/decoding.ts'
import { concat, hex, message, offsetView, toHex } from './support/messages.ts'

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))
const utf16 = (text: string): Uint8Array =>
  Uint8Array.from(
    [...`\ufeff${text}`].flatMap((each) => {
      const unit = each.charCodeAt(0)
      return [unit & 0xff, unit >>> 8]
    }),
  )
const throughText = (bytes: Uint8Array): Uint8Array => new TextEncoder().encode(new TextDecoder().decode(bytes))

const v1 = message(20, { suite: suiteById(0x0378) })
const v2 = message(20, { suite: suiteById(0x0578) })
const randomId = hex('d3a1f09cb7e4580d92c6ff13ab8977e0'.repeat(2))
const blob = concat(hex('01020200 78'), new Uint8Array(60).fill(0x99))

const inputs: readonly [string, Uint8Array, RegExp][] = [
  ['Base64 of version 1', latin1(base64(v1)), /Base64 text of an encrypted message/],
  ['Base64 of version 2', latin1(base64(v2)), /Base64 text of an encrypted message/],
  ['Base64 of an unsigned version 2', latin1(base64(message(0))), /Base64 text of an encrypted message/],
  [
    'Base64 behind white space and in lines',
    latin1(`\r\n AgV4\n${base64(v2).slice(4)}`),
    /Base64 text of an encrypted/,
  ],
  ['Base64 for URLs', latin1(base64(v2).replace(/\+/g, '-').replace(/\//g, '_')), /Base64 text of an encrypted/],
  ['Base64 behind a byte order mark', concat(hex('efbbbf'), latin1(base64(v2))), /Base64 text of an encrypted/],
  ['Base64 as UTF-16', utf16(base64(v2)), /Base64 text of an encrypted/],
  ['hexadecimal of version 1', latin1(toHex(v1)), /hexadecimal text of an encrypted message/],
  ['hexadecimal of version 2, in capitals', latin1(`0x${toHex(v2).toUpperCase()}`), /hexadecimal text/],
  ['version 1 turned into text and back', throughText(v1), /turned into text and back/],
  [
    'version 2 turned into text and back',
    throughText(message(0, { messageId: randomId })),
    /turned into text and back/,
  ],
  ['a blob of AWS KMS', blob, /ciphertext blob of AWS KMS/],
  ['an early blob of AWS KMS', concat(hex('01010300 78'), blob.subarray(5)), /ciphertext blob of AWS KMS/],
  ['a blob of AWS KMS in Base64', latin1(base64(blob)), /Base64 text of a ciphertext blob of AWS KMS/],
  ['an age file', latin1('age-encryption.org/v1\n-> X25519 abc'), /an age file/],
  ['an armored age file', latin1('-----BEGIN AGE ENCRYPTED FILE-----\n'), /an age file/],
  ['a PGP message', latin1('-----BEGIN PGP MESSAGE-----\n\n'), /PGP/],
  ['PEM', latin1('-----BEGIN PRIVATE KEY-----\nMIIE'), /PEM text/],
  ['a Transit ciphertext', latin1('vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM'), /Transit/],
  ['openssl enc', latin1('Salted__abcdefgh'), /openssl/],
  ['gzip', hex('1f8b0800'), /gzip/],
  ['Zstandard', hex('28b52ffd04'), /Zstandard/],
  ['zip', latin1('PK\x03\x04'), /zip/],
]

describe('an input that is no message', () => {
  it.each(inputs)('is recognised: %s', (_, bytes, text) => {
    expect(recognise(offsetView(bytes))).toMatch(text)
    expectRefused(offsetView(bytes), 'ERR_MALFORMED', text)
    expectRefused(bytes.subarray(0, 32), 'ERR_MALFORMED', text)
  })

  it.each([
    ['text', latin1('Agreement between the parties that follow')],
    ['digits that no message begins with', latin1('0181 2947 0102 5566 0203 4578 0206 7788 9900')],
    ['JSON', latin1('{"ciphertext":"abc"}')],
    ['version 0', concat(hex('00'), v2.subarray(1))],
    ['a version 3 that never was', concat(hex('03'), v2.subarray(1))],
    ['version 1 with another type', concat(hex('0181'), v1.subarray(2))],
    ['one byte', hex('ff')],
  ])('is refused with its first bytes where it looks like nothing: %s', (_, bytes) => {
    expect(recognise(bytes)).toBeNull()
    const shown = toHex(bytes.subarray(0, 2)).replace(/(..)(..)/, '$1 $2')
    expectRefused(bytes, 'ERR_MALFORMED', new RegExp(`begins with ${shown} `))
  })
})

describe('recognise', () => {
  it('looks at the beginning of an input only, however long that is', () => {
    const long = concat(latin1(base64(v2).slice(0, 40)), new Uint8Array(1_000_000))
    expect(recognise(long)).toMatch(/Base64 text of an encrypted message/)
  })
})

describe('a message', () => {
  it.each([
    ['version 1', v1],
    ['version 2', v2],
    ['nothing at all', new Uint8Array(0)],
  ])('is not taken for anything else: %s', (_, bytes) => {
    expect(recognise(bytes)).toBeNull()
  })

  it('is read even where its id looks like it went through text', () => {
    const messageId = hex(`${'efbfbd'.repeat(9)}0102030405`)
    expect(decodeChunks([message(20, { messageId })]).error).toBeNull()
  })
})
