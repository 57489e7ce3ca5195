import { suiteHex } from '@bongtu/message-format'
import type { Group } from './accept.ts'
import { base64, uint, utf8 } from './bytes.ts'
import { both, joined, part, replace } from './parts.ts'
import type { Refusal } from './vectors.ts'

export const keys: Group<Refusal> = {
  file: 'no-key',
  about: 'Messages in good order that the keys of the reader do not open.',
  readings: [
    {
      name: 'another key of the same name',
      suite: 0x0478,
      reader: ['other-key-of-the-same-name'],
      error: 'ERR_NO_KEY',
    },
    { name: 'another name', suite: 0x0478, reader: ['aes-128'], error: 'ERR_NO_KEY' },
    {
      name: 'a name that begins the same, with the same key',
      suite: 0x0478,
      reader: ['name-that-begins-the-same'],
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a name that goes on, with the same key',
      suite: 0x0478,
      keys: ['name-that-begins-the-same'],
      reader: ['aes-256'],
      error: 'ERR_NO_KEY',
    },
    { name: 'another kind of key', suite: 0x0478, keys: ['oaep-sha256'], reader: ['aes-256'], error: 'ERR_NO_KEY' },
    {
      name: 'another padding of the same RSA key',
      suite: 0x0478,
      keys: ['oaep-sha256'],
      reader: ['oaep-sha1'],
      error: 'ERR_NO_KEY',
    },
    {
      name: 'another provider',
      suite: 0x0478,
      editKeys: replace('key 1 provider id', utf8('bongtu-vectorz')),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a wrapped data key that was altered',
      suite: 0x0478,
      editKeys: replace('key 1 ciphertext', (bytes) => bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte))),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'an RSA ciphertext that was altered',
      suite: 0x0478,
      keys: ['oaep-sha256'],
      editKeys: replace('key 1 ciphertext', (bytes) => bytes.map((byte, at) => (at === 30 ? byte ^ 1 : byte))),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a wrapped data key without its tag',
      suite: 0x0478,
      editKeys: both(
        replace('key 1 ciphertext length', uint(15, 2)),
        replace('key 1 ciphertext', (bytes) => bytes.subarray(0, 15)),
      ),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'an initialisation vector of another length',
      suite: 0x0478,
      editKeys: replace('key 1 key info', (bytes) =>
        Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 13 ? 13 : byte)),
      ),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a tag of another length',
      suite: 0x0478,
      editKeys: replace('key 1 key info', (bytes) =>
        Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 17 ? 96 : byte)),
      ),
      error: 'ERR_NO_KEY',
    },
  ],
}

export const contexts: Group<Refusal> = {
  file: 'encryption-context',
  about: 'Encryption contexts that are not what the reader expects, or that were altered on the way.',
  readings: [
    {
      name: 'another value',
      suite: 0x0478,
      context: { tenant: 'acme' },
      options: { encryptionContext: { tenant: 'evil' } },
      error: 'ERR_CONTEXT',
    },
    {
      name: 'another value of one of two',
      suite: 0x0478,
      context: { a: '1', b: '2' },
      options: { encryptionContext: { a: '1', b: '1' } },
      error: 'ERR_CONTEXT',
    },
    {
      name: 'another value, of which nothing is found out by a key that does not open',
      suite: 0x0478,
      context: { tenant: 'acme' },
      reader: ['aes-128'],
      options: { encryptionContext: { tenant: 'evil' } },
      error: 'ERR_CONTEXT',
    },
    {
      name: 'a name of objects, with another value',
      suite: 0x0478,
      context: { ['__proto__']: 'a' },
      options: { encryptionContext: { ['__proto__']: 'b' } },
      error: 'ERR_CONTEXT',
    },
    {
      name: 'a public key that the unsigned message lacks',
      suite: 0x0478,
      options: { encryptionContext: { 'aws-crypto-public-key': 'x' } },
      error: 'ERR_CONTEXT',
    },
    {
      name: 'a pair that the message lacks, under a key that binds the context',
      suite: 0x0478,
      options: { encryptionContext: { tenant: 'acme' } },
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a pair that the message lacks, under a key that does not',
      suite: 0x0478,
      keys: ['oaep-sha256'],
      options: { encryptionContext: { tenant: 'acme' } },
      error: 'ERR_AUTHENTICATION',
    },
    {
      name: 'a required pair that the reader does not bring',
      suite: 0x0478,
      requiredContext: { hidden: '1' },
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a required pair that the reader does not bring, under RSA',
      suite: 0x0478,
      keys: ['oaep-sha256'],
      requiredContext: { hidden: '1' },
      error: 'ERR_AUTHENTICATION',
    },
    {
      name: 'a required pair with another value',
      suite: 0x0478,
      requiredContext: { hidden: '1' },
      options: { encryptionContext: { hidden: '2' } },
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a required pair with another value, under RSA',
      suite: 0x0578,
      keys: ['oaep-sha256'],
      requiredContext: { hidden: '1' },
      options: { encryptionContext: { hidden: '2' } },
      error: 'ERR_AUTHENTICATION',
    },
    {
      name: 'a value that was altered, under a key that binds the context',
      suite: 0x0478,
      context: { tenant: 'acme' },
      edit: replace('context', (bytes) =>
        Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
      ),
      error: 'ERR_NO_KEY',
    },
    {
      name: 'a value that was altered, under RSA',
      suite: 0x0478,
      keys: ['oaep-sha256'],
      context: { tenant: 'acme' },
      edit: replace('context', (bytes) =>
        Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
      ),
      error: 'ERR_AUTHENTICATION',
    },
  ],
}

export const policies: Group<Refusal> = {
  file: 'commitment-policy',
  about: 'Suites that do not commit to their data key, where the reader does not allow them; no key is asked before.',
  readings: [0x0014, 0x0046, 0x0078, 0x0114, 0x0146, 0x0178, 0x0214, 0x0346, 0x0378].map((suite) => ({
    name: `suite ${suiteHex(suite)} under the default policy`,
    suite,
    reader: ['aes-128'],
    defaultPolicy: true,
    error: 'ERR_POLICY' as const,
  })),
}

const wrongInput = (name: string, bytes: (message: Uint8Array) => Uint8Array): Refusal => ({
  name,
  suite: 0x0478,
  edit: (parts) => [part('input', bytes(joined(parts)))],
  error: 'ERR_MALFORMED',
})

export const inputs: Group<Refusal> = {
  file: 'wrong-input',
  about: 'What people hand over in place of a message.',
  readings: [
    wrongInput('the message in Base64', (message) => utf8(base64(message))),
    wrongInput('the message in hexadecimal', (message) => utf8(Buffer.from(message).toString('hex'))),
    wrongInput('the message decoded as text and encoded again', (message) =>
      utf8(Buffer.from(message).toString('utf8')),
    ),
    wrongInput('a ciphertext blob of AWS KMS', () =>
      Buffer.concat([Buffer.from('0102020078', 'hex'), Buffer.alloc(150, 7)]),
    ),
    wrongInput('an age file', () => utf8(`age-encryption.org/v1\n-> X25519 ${'A'.repeat(43)}\n`)),
    wrongInput('a key in PEM', () => utf8(`-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n`)),
    wrongInput('a gzip file', () => Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(60)])),
    wrongInput('zeros', () => new Uint8Array(200)),
    wrongInput('text', () => utf8('The quick brown fox jumps over the lazy dog. '.repeat(3))),
  ],
}
