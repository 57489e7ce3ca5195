import { type EncryptedDataKey, encryptionContext } from '@bongtu/message-format'
import type { PassedOver } from '../keyring.ts'
import { CANARY, CONTEXT, someDataKey, unwrap, unwrapped, wrap } from './calls.ts'
import { type Check, expect, expectSameBytes, type Subject } from './check.ts'
import { altered, foreign, otherKeyInfos, otherLengths } from './encrypted-data-keys.ts'
import { holdsBytes, holdsText } from './secrets.ts'

const ignore: PassedOver = () => undefined

const copyOf = ({ providerId, keyInfo, ciphertext }: EncryptedDataKey): EncryptedDataKey =>
  Object.freeze({ providerId, keyInfo: keyInfo.slice(), ciphertext: ciphertext.slice() })

async function altersWhatItWraps(subject: Subject): Promise<void> {
  const { keyring, suite } = subject
  const dataKey = someDataKey(suite)
  await keyring.wrapDataKey(Object.freeze({ suite, encryptionContext: CONTEXT, dataKey }))
  expectSameBytes(dataKey, someDataKey(suite), 'the given data key, after wrapping,')
}

async function altersWhatItUnwraps(subject: Subject): Promise<void> {
  const { keyring, suite } = subject
  const before = (await wrap(subject, suite)).encryptedDataKeys
  const given = before.map(copyOf)
  const request = {
    suite,
    encryptionContext: CONTEXT,
    encryptedDataKeys: Object.freeze([...given]),
    passedOver: ignore,
  }
  expect((await keyring.unwrapDataKey(Object.freeze(request))) !== null, 'a frozen request was not served')
  for (const [index, { keyInfo, ciphertext }] of before.entries()) {
    const after = given[index]
    expect(after !== undefined, 'an encrypted data key is gone')
    expectSameBytes(after.keyInfo, keyInfo, 'a key info, after unwrapping,')
    expectSameBytes(after.ciphertext, ciphertext, 'a ciphertext, after unwrapping,')
  }
}

async function rejectsWith(reason: unknown, call: Promise<unknown>): Promise<void> {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(thrown === reason, 'the call does not reject with the reason of the aborted signal')
}

const REASON = new Error('no longer wanted')

async function stopsWrapping({ keyring, suite, generates }: Subject): Promise<void> {
  const request = { suite, encryptionContext: CONTEXT, signal: AbortSignal.abort(REASON) }
  const wrapping = keyring.wrapDataKey(generates ? request : { ...request, dataKey: someDataKey(suite) })
  await rejectsWith(REASON, wrapping)
}

async function stopsUnwrapping(subject: Subject): Promise<void> {
  const { keyring, suite } = subject
  const { encryptedDataKeys } = await wrap(subject, suite)
  const request = { suite, encryptionContext: CONTEXT, encryptedDataKeys, passedOver: ignore }
  await rejectsWith(REASON, keyring.unwrapDataKey({ ...request, signal: AbortSignal.abort(REASON) }))
}

async function givesDataKeysAway(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  const copy = dataKey.slice()
  dataKey.fill(0)
  for (const _time of ['first', 'second', 'third']) {
    const opened = await unwrapped(subject, suite, encryptedDataKeys)
    expectSameBytes(opened.dataKey, copy, 'the data key, after the caller zeroed the one before,')
    opened.dataKey.fill(0)
  }
}

async function givesBytesAway(subject: Subject): Promise<void> {
  const { suite } = subject
  for (const { keyInfo, ciphertext } of (await wrap(subject, suite)).encryptedDataKeys) {
    keyInfo.fill(0)
    ciphertext.fill(0)
  }
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  const opened = await unwrapped(subject, suite, encryptedDataKeys)
  expectSameBytes(opened.dataKey, dataKey, 'the data key, after an earlier answer was overwritten,')
}

async function servesManyAtOnce(subject: Subject): Promise<void> {
  const { suites } = subject
  const calls = Array.from({ length: 12 }, async (_, index) => {
    const suite = suites[index % suites.length]
    expect(suite !== undefined, 'there is no suite')
    const context = encryptionContext({ call: String(index) })
    const { dataKey, encryptedDataKeys } = await wrap(subject, suite, undefined, context)
    const opened = await unwrapped(subject, suite, encryptedDataKeys, context)
    expectSameBytes(opened.dataKey, dataKey, 'the data key of one of many concurrent calls')
  })
  await Promise.all(calls)
}

async function showsNoKey(subject: Subject): Promise<void> {
  const { keyring, suite, secrets } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  await unwrapped(subject, suite, encryptedDataKeys)
  for (const secret of [...secrets, dataKey]) {
    expect(!holdsBytes(keyring, secret), 'a property of the keyring shows key bytes')
  }
}

async function saysNoSecret(subject: Subject): Promise<void> {
  const { suite, secrets } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  const siblings = await wrap({ ...subject, writer: subject.sibling }, suite)
  const broken = encryptedDataKeys.flatMap((own) => [
    ...altered(own).slice(0, 1),
    ...foreign(own),
    ...otherKeyInfos(own).slice(0, 2),
    ...otherLengths(own),
  ])
  const dataKeys = [dataKey, siblings.dataKey]
  for (const each of [...broken, ...siblings.encryptedDataKeys]) {
    const { reports, thrown } = await unwrap(subject, suite, [each])
    const said = [...reports.map(({ reason, cause }) => ({ reason, cause })), ...thrown]
    for (const secret of [...secrets, ...dataKeys])
      expect(!holdsBytes(said, secret), 'a reason or an error shows key bytes')
    expect(!holdsText(said, CANARY), 'a reason or an error shows a value of the encryption context')
  }
}

export const hygieneChecks: readonly Check[] = [
  { name: 'alters nothing that it is given to wrap', needs: 'wrapsGiven', holds: altersWhatItWraps },
  { name: 'alters nothing that it is given to unwrap, and serves frozen requests', holds: altersWhatItUnwraps },
  { name: "rejects wrapDataKey with the signal's reason where it is aborted before", holds: stopsWrapping },
  { name: "rejects unwrapDataKey with the signal's reason where it is aborted before", holds: stopsUnwrapping },
  { name: 'leaves the data keys that it answers to the caller, who zeroes them', holds: givesDataKeysAway },
  { name: 'leaves the encrypted data keys that it answers to the caller', holds: givesBytesAway },
  { name: 'serves many calls at once, each by itself', holds: servesManyAtOnce },
  {
    name: 'has a name without secrets',
    holds: async ({ keyring, secrets }) => {
      expect(typeof keyring.name === 'string' && keyring.name !== '', 'the keyring has no name')
      for (const secret of secrets) expect(!holdsBytes(keyring.name, secret), 'the name shows key bytes')
    },
  },
  { name: 'shows no key bytes in its properties, as JSON or as text', holds: showsNoKey },
  { name: 'says no key bytes and no context values in reasons and errors', holds: saysNoSecret },
]
