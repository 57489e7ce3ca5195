import { algorithmSuites, suiteHex } from '@bongtu/message-format'
import { seeded, uint, utf8 } from './bytes.ts'
import { defaultPlaintext, encodePairs } from './message.ts'
import { both, part, replace } from './parts.ts'
import type { Reading } from './vectors.ts'

export interface Group<R> {
  readonly file: string
  readonly about: string
  readonly readings: readonly R[]
}

const ids = algorithmSuites.map(({ id }) => id)
const of = (length: number): Uint8Array => seeded('plaintext', length)

const suites: Group<Reading> = {
  file: 'suites',
  about:
    'Every algorithm suite, with plaintexts of no byte, of one, of exactly one and two frames, and of one byte more.',
  readings: ids.flatMap((suite) =>
    [0, 1, 16, 17, 32].map((length) => ({
      name: `${suiteHex(suite)}, ${length} bytes in frames of 16`,
      suite,
      plaintext: of(length),
      context: { tenant: 'acme' },
    })),
  ),
}

const paddings = ['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512']

const wrapping: Group<Reading> = {
  file: 'wrapping-keys',
  about: 'Raw AES and raw RSA wrapping keys, and which of several encrypted data keys opens.',
  readings: [
    ...['aes-128', 'aes-192', 'aes-256', 'name-beyond-ascii', ...paddings].map((key) => ({
      name: key,
      suite: 0x0478,
      keys: [key],
      context: { tenant: 'acme' },
    })),
    { name: 'a data key of 16 bytes under RSA', suite: 0x0014, keys: ['oaep-sha256'] },
    { name: 'the second of two keys', suite: 0x0478, keys: ['aes-128', 'aes-256'], reader: ['aes-256'] },
    {
      name: 'a key of the same name that does not open stands before the one that does',
      suite: 0x0478,
      keys: ['other-key-of-the-same-name', 'aes-256'],
      reader: ['aes-256'],
    },
    {
      name: 'a key whose name begins the same stands before the one that opens',
      suite: 0x0478,
      keys: ['name-that-begins-the-same', 'aes-256'],
      reader: ['aes-256'],
    },
    {
      name: 'a key of AWS KMS with a malformed ARN stands before the one that opens',
      suite: 0x0478,
      keys: ['aes-128', 'aes-256'],
      reader: ['aes-256'],
      editKeys: both(
        replace('key 1 provider id length', uint(7, 2)),
        replace('key 1 provider id', utf8('aws-kms')),
        replace('key 1 key info length', uint(10, 2)),
        replace('key 1 key info', utf8('arn:broken')),
      ),
    },
    {
      name: 'ten keys, of which the last opens',
      suite: 0x0478,
      keys: [...Array.from({ length: 9 }, () => 'aes-128'), 'aes-256'],
      reader: ['aes-256'],
    },
    {
      name: 'an RSA key beside an AES key, by the RSA key',
      suite: 0x0578,
      keys: ['aes-256', 'oaep-sha256'],
      reader: ['oaep-sha256'],
    },
    { name: 'the second of the reader\u2019s keys', suite: 0x0478, keys: ['aes-256'], reader: ['aes-128', 'aes-256'] },
    {
      name: 'a provider id that is not ASCII stands before the one that opens',
      suite: 0x0478,
      keys: ['aes-128', 'aes-256'],
      reader: ['aes-256'],
      editKeys: both(replace('key 1 provider id length', uint(9, 2)), replace('key 1 provider id', utf8('제공자'))),
    },
    {
      name: 'a key with an empty provider id, key info and ciphertext stands before the one that opens',
      suite: 0x0478,
      keys: ['aes-128', 'aes-256'],
      reader: ['aes-256'],
      editKeys: (parts) => [
        ...['provider id length', 'key info length', 'ciphertext length'].map((name) =>
          part(`key 1 ${name}`, uint(0, 2)),
        ),
        ...parts.filter(({ name }) => name.startsWith('key 2')),
      ],
    },
  ],
}

const pairsOf = (...pairs: readonly (readonly [string, string])[]): Uint8Array =>
  encodePairs(pairs.map(([key, value]) => [utf8(key), utf8(value)]))

const context: Group<Reading> = {
  file: 'encryption-context',
  about: 'Contexts in every form that a reader takes, and required pairs that the header leaves out.',
  readings: [
    { name: 'no pair', suite: 0x0478 },
    { name: 'several pairs, sorted by bytes', suite: 0x0478, context: { b: '2', a: '1', B: '3', '': '4', aa: '5' } },
    { name: 'an empty value, and an empty key', suite: 0x0478, context: { '': 'x', x: '' } },
    {
      name: 'names that objects have',
      suite: 0x0478,
      context: { ['__proto__']: 'a', constructor: 'b', toString: 'c' },
    },
    { name: 'keys that look like numbers', suite: 0x0478, context: { '10': 'a', '9': 'b', '-1': 'c' } },
    // In UTF-16 the surrogates of U+1F600 come before U+FF5E; in UTF-8 behind it.
    {
      name: 'keys beyond the basic plane',
      suite: 0x0478,
      context: { '\u{1f600}': 'a', '\uff5e': 'b', '\u{10ffff}': 'c' },
    },
    {
      name: 'a letter and its decomposed form are two keys',
      suite: 0x0478,
      context: { '\u00e9': 'a', 'e\u0301': 'b' },
    },
    { name: 'a value of 4,000 bytes', suite: 0x0478, context: { long: 'é'.repeat(2000) } },
    {
      name: 'a byte order mark, a zero byte and line ends are text',
      suite: 0x0478,
      context: { '\ufeff': '\0', '\n': '\r' },
    },
    {
      name: 'pairs in another order than that of their bytes, as Go before 0.2.0 wrote them',
      suite: 0x0478,
      context: { '\u{1f600}': 'a', '\uff5e': 'b' },
      contextBytes: pairsOf(['\u{1f600}', 'a'], ['\uff5e', 'b']),
    },
    { name: 'a count of zero where there should be no bytes', suite: 0x0478, contextBytes: uint(0, 2) },
    {
      name: 'the reader expects some of the pairs',
      suite: 0x0478,
      context: { a: '1', b: '2' },
      options: { encryptionContext: { a: '1' } },
    },
    ...(
      [
        ['aes-256', 0x0478],
        ['aes-256', 0x0578],
        ['oaep-sha256', 0x0478],
        ['aes-256', 0x0178],
      ] as const
    ).map(([key, suite]) => ({
      name: `a required pair that the header leaves out, ${suiteHex(suite)} under ${key}`,
      suite,
      keys: [key],
      context: { open: '1' },
      requiredContext: { hidden: '2' },
      options: { encryptionContext: { hidden: '2' } },
    })),
    {
      name: 'required pairs alone, and a pair of the header expected too',
      suite: 0x0578,
      requiredContext: { '\u{1f600}': 'a', '\uff5e': 'b' },
      options: { encryptionContext: { '\uff5e': 'b', '\u{1f600}': 'a' } },
    },
  ],
}

const body: Group<Reading> = {
  file: 'body',
  about: 'Bodies as different writers make them: readers take all of them.',
  readings: [
    ...[0x0178, 0x0578].flatMap((suite) => [
      { name: `${suiteHex(suite)} ends in an empty final frame`, suite, plaintext: of(32), emptyFinalFrame: true },
      { name: `${suiteHex(suite)} in frames of one byte`, suite, plaintext: of(5), frameLength: 1 },
      { name: `${suiteHex(suite)} in one frame that is not full`, suite, plaintext: of(5), frameLength: 65_536 },
      {
        name: `${suiteHex(suite)} in frames of the greatest length`,
        suite,
        plaintext: of(5),
        frameLength: 2 ** 32 - 1,
        options: { maxFrameLength: 2 ** 32 - 1 },
      },
      { name: `${suiteHex(suite)} with free initialisation vectors`, suite, freeBodyIvs: true },
    ]),
    ...ids.map((suite) => ({
      name: `${suiteHex(suite)} not framed`,
      suite,
      frameLength: 0,
      context: { tenant: 'acme' },
    })),
    { name: '0178 not framed, of no byte', suite: 0x0178, plaintext: of(0), frameLength: 0 },
    { name: '0478 not framed, with a free initialisation vector', suite: 0x0478, frameLength: 0, freeBodyIvs: true },
    {
      name: '0178 with a header whose initialisation vector is not zero',
      suite: 0x0178,
      headerIv: seeded('header iv', 12),
    },
    { name: 'many frames', suite: 0x0478, plaintext: of(4000), frameLength: 100 },
    {
      name: 'a limit that the plaintext just meets',
      suite: 0x0478,
      options: { maxPlaintextLength: defaultPlaintext.length },
    },
    { name: 'a limit that the frames just meet', suite: 0x0478, options: { maxFrameLength: 16 } },
  ],
}

const signatures: Group<Reading> = {
  file: 'signatures',
  about: 'Signatures in DER have no fixed length: the longest, the usual and shorter ones.',
  readings: [
    [0x0578, 104],
    [0x0578, 103],
    [0x0578, 102],
    [0x0578, 101],
    [0x0378, 103],
    [0x0214, 72],
    [0x0214, 71],
    [0x0214, 70],
    [0x0214, 69],
  ].map(([suite = 0, length = 0]) => ({
    name: `${suiteHex(suite)}, ${length} bytes of signature`,
    suite,
    plaintext: of(3),
    signatureLength: (each: number) => each === length,
  })),
}

const net400: Group<Reading> = {
  file: 'net-4.0.0',
  about: 'What the AWS Encryption SDK for .NET 4.0.0 wrote: opened where the reader allows it.',
  readings: [0x0014, 0x0178, 0x0214, 0x0378, 0x0478, 0x0578].flatMap((suite) => [
    { name: `${suiteHex(suite)} of .NET 4.0.0`, suite, net400: true, options: { allowNet400Messages: true as const } },
    { name: `${suiteHex(suite)} of others, with the option`, suite, options: { allowNet400Messages: true as const } },
  ]),
}

export const acceptGroups: readonly Group<Reading>[] = [suites, wrapping, context, body, signatures, net400]
