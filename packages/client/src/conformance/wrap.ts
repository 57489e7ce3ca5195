import { CONTEXT, someDataKey, unwrapped, wrap } from './calls.ts'
import { type Check, expect, expectSameBytes, type Subject, sameBytes } from './check.ts'
import { holdsBytes } from './secrets.ts'

const generates = (dataKeyLength: number): Check => ({
  name: `generates a data key of ${dataKeyLength} bytes for the suites that take one`,
  needs: 'generates',
  holds: async (subject) => {
    for (const suite of subject.suites.filter((each) => each.dataKeyLength === dataKeyLength)) {
      const { dataKey } = await wrap(subject, suite)
      expect(dataKey instanceof Uint8Array, 'the data key is no Uint8Array')
      expect(dataKey.length === dataKeyLength, `suite ${suite.name} was given a data key of ${dataKey.length} bytes`)
      const blank = dataKey.every((byte) => byte === 0)
      expect(!blank, 'the data key is all zeros')
    }
  },
})

async function generatesAfresh(subject: Subject): Promise<void> {
  const first = await wrap(subject, subject.suite)
  const second = await wrap(subject, subject.suite)
  expect(!sameBytes(first.dataKey, second.dataKey), 'the same data key was generated twice')
}

async function fieldsFit(subject: Subject): Promise<void> {
  const { encryptedDataKeys } = await wrap(subject, subject.suite)
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

async function hidesDataKey(subject: Subject): Promise<void> {
  const { dataKey, encryptedDataKeys } = await wrap(subject, subject.suite)
  expect(!holdsBytes(encryptedDataKeys, dataKey), 'an encrypted data key holds the data key in clear')
}

async function wrapsGiven(subject: Subject): Promise<void> {
  for (const suite of subject.suites) {
    const given = someDataKey(suite)
    const { dataKey } = await wrap(subject, suite, given)
    expectSameBytes(given, someDataKey(suite), 'the given data key, after wrapping,')
    expectSameBytes(dataKey, given, 'the answered data key')
  }
}

async function wrapsAnew(subject: Subject): Promise<void> {
  const given = someDataKey(subject.suite)
  const first = await wrap(subject, subject.suite, given)
  const second = await wrap(subject, subject.suite, given)
  for (const [index, { ciphertext }] of first.encryptedDataKeys.entries()) {
    const other = second.encryptedDataKeys[index]
    expect(other !== undefined, 'two wraps gave different numbers of encrypted data keys')
    expect(!sameBytes(ciphertext, other.ciphertext), 'two wraps of one data key gave the same ciphertext')
  }
}

async function keepsNothing(subject: Subject): Promise<void> {
  const { suite } = subject
  const given = someDataKey(suite)
  const { encryptedDataKeys } = await wrap(subject, suite, given)
  given.fill(0)
  const { dataKey } = await unwrapped(subject, suite, encryptedDataKeys)
  expectSameBytes(dataKey, someDataKey(suite), 'what was wrapped before the given data key was zeroed')
  const next = await wrap(subject, suite)
  expect(!sameBytes(next.dataKey, dataKey), 'a given data key was handed out as a generated one')
}

async function rejects(call: Promise<unknown>, what: string): Promise<void> {
  const rejected = await call.then(
    () => false,
    () => true,
  )
  expect(rejected, what)
}

export const wrapChecks: readonly Check[] = [
  generates(16),
  generates(24),
  generates(32),
  { name: 'generates another data key each time', needs: 'generates', holds: generatesAfresh },
  {
    name: 'refuses to generate',
    lacks: 'generates',
    holds: async ({ keyring, suite }) =>
      rejects(keyring.wrapDataKey({ suite, encryptionContext: CONTEXT }), 'a data key was generated'),
  },
  { name: 'wraps a given data key and answers it unaltered, for every suite', needs: 'wrapsGiven', holds: wrapsGiven },
  {
    name: 'refuses to wrap a given data key',
    lacks: 'wrapsGiven',
    holds: async ({ keyring, suite }) => {
      const request = { suite, encryptionContext: CONTEXT, dataKey: someDataKey(suite) }
      await rejects(keyring.wrapDataKey(request), 'a given data key was wrapped')
    },
  },
  { name: 'wraps one data key to another ciphertext each time', needs: 'wrapsGiven', holds: wrapsAnew },
  { name: 'keeps nothing of a data key that it was given', needs: 'wrapsGiven', holds: keepsNothing },
  { name: 'answers at least one encrypted data key, with fields that fit the header', holds: fieldsFit },
  { name: 'does not show the data key in what it answers beside it', holds: hidesDataKey },
]
