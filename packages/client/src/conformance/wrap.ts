import { someDataKey, unwrapped, wrap } from './calls.ts'
import { type Check, expect, expectSameBytes, type Subject, sameBytes } from './check.ts'
import { holdsBytes } from './secrets.ts'

const generates = (dataKeyLength: number): Check => ({
  name: `generates a data key of ${dataKeyLength} bytes for the suites that take one`,
  holds: async ({ keyring, suites }) => {
    for (const suite of suites.filter((each) => each.dataKeyLength === dataKeyLength)) {
      const { dataKey } = await wrap(keyring, suite)
      expect(dataKey instanceof Uint8Array, 'the data key is no Uint8Array')
      expect(dataKey.length === dataKeyLength, `suite ${suite.name} was given a data key of ${dataKey.length} bytes`)
      expect(
        dataKey.some((byte) => byte !== 0),
        'the data key is all zeros',
      )
    }
  },
})

async function fieldsFit({ keyring, suite }: Subject): Promise<void> {
  const { encryptedDataKeys } = await wrap(keyring, suite)
  expect(encryptedDataKeys.length > 0, 'there is no encrypted data key')
  for (const { providerId, keyInfo, ciphertext } of encryptedDataKeys) {
    expect(typeof providerId === 'string' && providerId !== '', 'the provider id is empty')
    for (const field of [new TextEncoder().encode(providerId), keyInfo, ciphertext]) {
      expect(field instanceof Uint8Array, 'a field is no Uint8Array')
      expect(field.length <= 0xffff, `a field has ${field.length} bytes; the header holds at most 65,535`)
    }
    expect(ciphertext.length > 0, 'the ciphertext is empty')
  }
}

async function wrapsGiven({ keyring, suites }: Subject): Promise<void> {
  for (const suite of suites) {
    const given = someDataKey(suite)
    const { dataKey } = await wrap(keyring, suite, given)
    expectSameBytes(given, someDataKey(suite), 'the given data key, after wrapping,')
    expectSameBytes(dataKey, given, 'the answered data key')
  }
}

async function keepsNothing({ keyring, suite }: Subject): Promise<void> {
  const given = someDataKey(suite)
  const { encryptedDataKeys } = await wrap(keyring, suite, given)
  given.fill(0)
  const generated = await wrap(keyring, suite)
  expect(!sameBytes(generated.dataKey, someDataKey(suite)), 'a given data key was handed out as a generated one')
  const { dataKey } = await unwrapped(keyring, suite, encryptedDataKeys)
  expectSameBytes(dataKey, someDataKey(suite), 'what was wrapped before the given data key was zeroed')
}

export const wrapChecks: readonly Check[] = [
  generates(16),
  generates(24),
  generates(32),
  {
    name: 'generates another data key each time',
    holds: async ({ keyring, suite }) => {
      const first = await wrap(keyring, suite)
      const second = await wrap(keyring, suite)
      expect(!sameBytes(first.dataKey, second.dataKey), 'the same data key was generated twice')
    },
  },
  { name: 'answers at least one encrypted data key, with fields that fit the header', holds: fieldsFit },
  {
    name: 'does not show the data key in what it answers beside it',
    holds: async ({ keyring, suite }) => {
      const { dataKey, encryptedDataKeys } = await wrap(keyring, suite)
      expect(!holdsBytes(encryptedDataKeys, dataKey), 'an encrypted data key holds the data key in clear')
    },
  },
  { name: 'wraps a given data key and answers it unaltered, for every suite', holds: wrapsGiven },
  {
    name: 'wraps one data key to another ciphertext each time',
    holds: async ({ keyring, suite }) => {
      const [first] = (await wrap(keyring, suite, someDataKey(suite))).encryptedDataKeys
      const [second] = (await wrap(keyring, suite, someDataKey(suite))).encryptedDataKeys
      expect(first !== undefined && second !== undefined, 'there is no encrypted data key')
      expect(!sameBytes(first.ciphertext, second.ciphertext), 'two wraps gave the same ciphertext')
    },
  },
  { name: 'keeps nothing of a data key that it was given', holds: keepsNothing },
]
