import { type EncryptedDataKey, encryptionContext } from '@bongtu/message-format'
import type { PassedOver } from '../keyring.ts'
import { CANARY, CONTEXT, someDataKey, unwrap, unwrapped, wrap } from './calls.ts'
import { type Check, expect, expectSameBytes, type Subject } from './check.ts'
import { altered, foreign, otherKeyInfos, otherLengths } from './encrypted-data-keys.ts'
import { holdsBytes, holdsText } from './secrets.ts'

const ignore: PassedOver = () => undefined

const copyOf = ({ providerId, keyInfo, ciphertext }: EncryptedDataKey): EncryptedDataKey =>
  Object.freeze({ providerId, keyInfo: keyInfo.slice(), ciphertext: ciphertext.slice() })

async function altersNothing({ keyring, suite }: Subject): Promise<void> {
  const dataKey = someDataKey(suite)
  const wrapped = await keyring.wrapDataKey(Object.freeze({ suite, encryptionContext: CONTEXT, dataKey }))
  expectSameBytes(dataKey, someDataKey(suite), 'the given data key, after wrapping,')
  const before = wrapped.encryptedDataKeys.map(copyOf)
  const given = Object.freeze(before.map(copyOf))
  const request = { suite, encryptionContext: CONTEXT, encryptedDataKeys: given, passedOver: ignore }
  expect((await keyring.unwrapDataKey(Object.freeze(request))) !== null, 'a frozen request was not served')
  for (const [index, each] of before.entries()) {
    expectSameBytes(given[index]?.keyInfo ?? each.ciphertext, each.keyInfo, 'a key info, after unwrapping,')
    expectSameBytes(given[index]?.ciphertext ?? each.keyInfo, each.ciphertext, 'a ciphertext, after unwrapping,')
  }
}

async function heedsAborts({ keyring, suite }: Subject): Promise<void> {
  const reason = new Error('no longer wanted')
  const { encryptedDataKeys } = await wrap(keyring, suite)
  const request = { suite, encryptionContext: CONTEXT, signal: AbortSignal.abort(reason) }
  const calls = {
    wrapDataKey: () => keyring.wrapDataKey(request),
    unwrapDataKey: () => keyring.unwrapDataKey({ ...request, encryptedDataKeys, passedOver: ignore }),
  }
  for (const [name, call] of Object.entries(calls)) {
    const thrown = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (error: unknown) => error,
      )
    expect(thrown === reason, `${name} does not reject with the reason of an aborted signal`)
  }
}

async function givesDataKeysAway({ keyring, suite }: Subject): Promise<void> {
  const { dataKey, encryptedDataKeys } = await wrap(keyring, suite)
  const copy = dataKey.slice()
  dataKey.fill(0)
  for (const _time of ['first', 'second', 'third']) {
    const opened = await unwrapped(keyring, suite, encryptedDataKeys)
    expectSameBytes(opened.dataKey, copy, 'the data key, after the caller zeroed the one before,')
    opened.dataKey.fill(0)
  }
}

async function givesBytesAway({ keyring, suite }: Subject): Promise<void> {
  for (const { keyInfo, ciphertext } of (await wrap(keyring, suite)).encryptedDataKeys) {
    keyInfo.fill(0)
    ciphertext.fill(0)
  }
  const { dataKey, encryptedDataKeys } = await wrap(keyring, suite)
  const opened = await unwrapped(keyring, suite, encryptedDataKeys)
  expectSameBytes(opened.dataKey, dataKey, 'the data key, after an earlier answer was overwritten,')
}

async function servesManyAtOnce({ keyring, suites }: Subject): Promise<void> {
  const calls = Array.from({ length: 12 }, async (_, index) => {
    const suite = suites[index % suites.length]
    expect(suite !== undefined, 'there is no suite')
    const context = encryptionContext({ call: String(index) })
    const { dataKey, encryptedDataKeys } = await wrap(keyring, suite, someDataKey(suite, index), context)
    expectSameBytes(dataKey, someDataKey(suite, index), 'the data key of a concurrent call')
    const opened = await unwrapped(keyring, suite, encryptedDataKeys, context)
    expectSameBytes(opened.dataKey, dataKey, 'the data key of a concurrent call')
  })
  await Promise.all(calls)
}

async function showsNoKey({ keyring, suite, secrets = [] }: Subject): Promise<void> {
  const { dataKey, encryptedDataKeys } = await wrap(keyring, suite)
  await unwrapped(keyring, suite, encryptedDataKeys)
  for (const secret of [...secrets, dataKey]) {
    expect(!holdsBytes(keyring, secret), 'a property of the keyring shows key bytes')
  }
}

async function saysNoSecret({ keyring, sibling, suite, secrets = [] }: Subject): Promise<void> {
  const { dataKey, encryptedDataKeys } = await wrap(keyring, suite)
  const siblings = await wrap(sibling, suite)
  const broken = encryptedDataKeys.flatMap((own) => [
    ...altered(own).slice(0, 1),
    ...foreign(own),
    ...otherKeyInfos(own).slice(0, 2),
    ...otherLengths(own),
  ])
  const dataKeys = [dataKey, siblings.dataKey]
  for (const each of [...broken, ...siblings.encryptedDataKeys]) {
    const { reports, thrown } = await unwrap(keyring, suite, [each])
    const said = [...reports.map(({ reason, cause }) => ({ reason, cause })), ...thrown]
    for (const secret of [...secrets, ...dataKeys])
      expect(!holdsBytes(said, secret), 'a reason or an error shows key bytes')
    expect(!holdsText(said, CANARY), 'a reason or an error shows a value of the encryption context')
  }
}

export const hygieneChecks: readonly Check[] = [
  { name: 'alters nothing that it is given, and serves frozen requests', holds: altersNothing },
  { name: "rejects with the signal's reason where it is aborted before the call", holds: heedsAborts },
  { name: 'leaves the data keys that it answers to the caller, who zeroes them', holds: givesDataKeysAway },
  { name: 'leaves the encrypted data keys that it answers to the caller', holds: givesBytesAway },
  { name: 'serves many calls at once, each by itself', holds: servesManyAtOnce },
  {
    name: 'has a name without secrets',
    holds: async ({ keyring, secrets = [] }) => {
      expect(typeof keyring.name === 'string' && keyring.name !== '', 'the keyring has no name')
      for (const secret of secrets) expect(!holdsBytes(keyring.name, secret), 'the name shows key bytes')
    },
  },
  { name: 'shows no key bytes in its properties, as JSON or as text', holds: showsNoKey },
  { name: 'says no key bytes and no context values in reasons and errors', holds: saysNoSecret },
]
