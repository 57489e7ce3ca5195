import { suiteHex } from '@bongtu/message-format'
import type { Group } from './accept.ts'
import { concat, uint, utf8 } from './bytes.ts'
import { encodePairs } from './message.ts'
import { type Edit, replace } from './parts.ts'
import type { Refusal } from './vectors.ts'

const malformed = (name: string, suite: number, editHeader: Edit): Refusal => ({
  name,
  suite,
  editHeader,
  error: 'ERR_MALFORMED',
})

export const header: Group<Refusal> = {
  file: 'header',
  about: 'Headers that no writer may write, each with a tag that fits: only the parser can refuse them.',
  readings: [
    malformed('version 0', 0x0478, replace('version', uint(0, 1))),
    malformed('version 3', 0x0478, replace('version', uint(3, 1))),
    malformed('version 1 with another type', 0x0178, replace('type', uint(0x81, 1))),
    malformed('a suite of version 2 in version 1', 0x0178, replace('suite', uint(0x0478, 2))),
    malformed('a suite of version 1 in version 2', 0x0478, replace('suite', uint(0x0178, 2))),
    ...[0x0000, 0x0070, 0x0074, 0x6700, 0x6701, 0xffff].map(
      (id): Refusal => ({
        name: `suite ${suiteHex(id)}, which is none of the message format`,
        suite: 0x0478,
        editHeader: replace('suite', uint(id, 2)),
        error: 'ERR_UNSUPPORTED',
      }),
    ),
    malformed('content type 0', 0x0478, replace('content type', uint(0, 1))),
    malformed('content type 3', 0x0478, replace('content type', uint(3, 1))),
    malformed('reserved bytes that are not zero', 0x0178, replace('reserved', uint(1, 4))),
    malformed('another length of initialisation vectors', 0x0178, replace('iv length', uint(16, 1))),
    malformed('frames of no byte, version 1', 0x0178, replace('frame length', uint(0, 4))),
    malformed('frames of no byte, version 2', 0x0478, replace('frame length', uint(0, 4))),
    {
      ...malformed('a frame length without frames, version 1', 0x0178, replace('frame length', uint(16, 4))),
      frameLength: 0,
    },
    {
      ...malformed('a frame length without frames, version 2', 0x0478, replace('frame length', uint(16, 4))),
      frameLength: 0,
    },
    malformed('no encrypted data key', 0x0478, (parts) =>
      replace('key count', uint(0, 2))(parts).filter(({ name }) => !/^key 1 /.test(name)),
    ),
    malformed(
      'a provider id that is not UTF-8',
      0x0478,
      replace(
        'key 1 provider id',
        Uint8Array.from({ length: 14 }, () => 0xff),
      ),
    ),
  ],
}

const badContext = (name: string, contextBytes: Uint8Array): Refusal => ({
  name,
  suite: 0x0478,
  contextBytes,
  error: 'ERR_MALFORMED',
})

const pair = (key: string, value: string): [Uint8Array, Uint8Array] => [utf8(key), utf8(value)]
const one = encodePairs([pair('key', 'value')])

export const contextForm: Group<Refusal> = {
  file: 'encryption-context-form',
  about: 'Encryption contexts that cannot be read in one way only.',
  readings: [
    badContext('a key twice, with one value', encodePairs([pair('a', '1'), pair('a', '1')])),
    badContext('a key twice, with two values', encodePairs([pair('a', '1'), pair('a', '2')])),
    badContext('a key twice, with another between', encodePairs([pair('a', '1'), pair('b', '2'), pair('a', '3')])),
    badContext('bytes behind its last pair', concat([one, uint(0, 1)])),
    badContext('bytes behind a count of zero', concat([uint(0, 2), uint(0, 2)])),
    badContext('a count greater than its pairs', concat([uint(2, 2), one.subarray(2)])),
    badContext('a count smaller than its pairs', concat([uint(0, 2), one.subarray(2)])),
    badContext('one byte', uint(0, 1)),
    badContext('a key that reaches beyond its end', concat([uint(1, 2), uint(0xffff, 2), utf8('key')])),
    badContext('a value that reaches beyond its end', concat([one.subarray(0, 7), uint(6, 2), utf8('value')])),
    badContext('a value that is missing', one.subarray(0, 7)),
    badContext('a key that is not UTF-8', encodePairs([[Uint8Array.of(0xff), utf8('x')]])),
    badContext('a value that is not UTF-8', encodePairs([[utf8('x'), Uint8Array.of(0xc0, 0x80)]])),
    badContext('a surrogate in UTF-8', encodePairs([[utf8('x'), Uint8Array.of(0xed, 0xa0, 0x80)]])),
    badContext('half a character', encodePairs([[utf8('x'), Uint8Array.of(0xe2, 0x82)]])),
  ],
}

export const publicKeys: Group<Refusal> = {
  file: 'public-key',
  about: 'The public key of a signed message in its context, where a suite signs and only there.',
  readings: [
    { name: 'a signed suite without a public key', suite: 0x0578, publicKey: false, error: 'ERR_MALFORMED' },
    { name: 'an unsigned suite with one', suite: 0x0478, publicKey: true, error: 'ERR_MALFORMED' },
    {
      name: 'no Base64',
      suite: 0x0578,
      publicKey: false,
      context: { 'aws-crypto-public-key': '****' },
      error: 'ERR_MALFORMED',
    },
    {
      name: 'a point that is not on the curve',
      suite: 0x0578,
      publicKey: false,
      context: { 'aws-crypto-public-key': Buffer.concat([uint(2, 1), uint(5, 48)]).toString('base64') },
      error: 'ERR_MALFORMED',
    },
    {
      name: 'a point of another curve',
      suite: 0x0578,
      publicKey: false,
      context: { 'aws-crypto-public-key': Buffer.concat([uint(2, 1), uint(5, 32)]).toString('base64') },
      error: 'ERR_MALFORMED',
    },
    {
      name: 'the point at infinity',
      suite: 0x0214,
      publicKey: false,
      context: { 'aws-crypto-public-key': 'AA==' },
      error: 'ERR_MALFORMED',
    },
    {
      name: 'a Base64 text with something behind it',
      suite: 0x0578,
      publicKey: false,
      context: { 'aws-crypto-public-key': 'A'.repeat(69) },
      error: 'ERR_MALFORMED',
    },
  ],
}

export const limits: Group<Refusal> = {
  file: 'limits',
  about: 'Messages beyond a limit of their reader, who says so before it has them whole.',
  readings: [
    {
      name: 'eleven encrypted data keys, where ten is what readers take by default',
      suite: 0x0478,
      keys: Array.from({ length: 11 }, () => 'aes-256'),
      reader: ['aes-256'],
      error: 'ERR_LIMIT',
    },
    {
      name: 'two encrypted data keys where one is allowed',
      suite: 0x0478,
      keys: ['aes-256', 'aes-256'],
      reader: ['aes-256'],
      options: { maxEncryptedDataKeys: 1 },
      error: 'ERR_LIMIT',
    },
    {
      name: '65,535 encrypted data keys announced, of which none comes',
      suite: 0x0478,
      editHeader: (parts) => replace('key count', uint(0xffff, 2))(parts.slice(0, 6)),
      edit: (parts) => parts.slice(0, 6),
      error: 'ERR_LIMIT',
    },
    { name: 'a header longer than allowed', suite: 0x0478, options: { maxHeaderLength: 150 }, error: 'ERR_LIMIT' },
    {
      name: 'a frame longer than allowed',
      suite: 0x0478,
      options: { maxFrameLength: 15 },
      error: 'ERR_LIMIT',
    },
    {
      name: 'a final frame longer than allowed',
      suite: 0x0478,
      frameLength: 100,
      options: { maxFrameLength: 39 },
      error: 'ERR_LIMIT',
    },
    {
      name: 'a body without frames longer than allowed',
      suite: 0x0478,
      frameLength: 0,
      options: { maxFrameLength: 39 },
      error: 'ERR_LIMIT',
    },
    {
      name: 'a body without frames that announces as much as can be',
      suite: 0x0478,
      frameLength: 0,
      editBody: replace('body length', uint(2 ** 36 - 32, 8)),
      error: 'ERR_LIMIT',
    },
    {
      name: 'more plaintext than allowed',
      suite: 0x0478,
      options: { maxPlaintextLength: 39 },
      error: 'ERR_LIMIT',
      mayRelease: 32,
    },
    {
      name: 'more plaintext than allowed, signed',
      suite: 0x0578,
      options: { maxPlaintextLength: 31 },
      error: 'ERR_LIMIT',
      mayRelease: 16,
    },
  ],
}
