import { type EncryptedDataKey, type EncryptionContext, encryptionContext } from '@bongtu/message-format'
import { CANARY, CONTEXT, expectNotOpened, expectReported, someDataKey, unwrap, unwrapped, wrap } from './calls.ts'
import { type Check, expect, expectSameBytes, type Subject, sameBytes } from './check.ts'
import { altered, foreign, offsetView, otherKeyInfos, otherLengths } from './encrypted-data-keys.ts'

/** Keys and values that trip up a reader of plain objects, or a sorter of UTF-16 units. */
const ODD_CONTEXT: EncryptionContext = encryptionContext(
  JSON.parse(
    '{"__proto__":"a","constructor":"b","10":"c","9":"","":"d","B":"e","a":"f","\\uff5e":"g","\\ud83d\\ude00":"h"}',
  ),
)

async function wrappedOnce(subject: Subject): Promise<{ dataKey: Uint8Array; own: EncryptedDataKey }> {
  const { dataKey, encryptedDataKeys } = await wrap(subject, subject.suite)
  const [own] = encryptedDataKeys
  expect(own !== undefined, 'there is no encrypted data key')
  return { dataKey, own }
}

async function opensEverySuite(subject: Subject): Promise<void> {
  const { suites } = subject
  for (const suite of suites) {
    for (const given of [undefined, someDataKey(suite)]) {
      const { dataKey, encryptedDataKeys } = await wrap(subject, suite, given)
      const opened = await unwrapped(subject, suite, encryptedDataKeys)
      expectSameBytes(opened.dataKey, dataKey, `the data key of suite ${suite.name}`)
      expect(
        encryptedDataKeys.includes(opened.encryptedDataKey),
        'the answer names no encrypted data key of the request',
      )
    }
  }
}

async function opensEachAlone(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  for (const each of encryptedDataKeys) {
    const opened = await unwrapped(subject, suite, [each])
    expectSameBytes(opened.dataKey, dataKey, 'the data key')
    expect(opened.encryptedDataKey === each, 'the answer does not name the encrypted data key that was opened')
  }
}

async function opensViews(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite, offsetView(someDataKey(suite)))
  const views = encryptedDataKeys.map((each) => ({
    ...each,
    keyInfo: offsetView(each.keyInfo),
    ciphertext: offsetView(each.ciphertext),
  }))
  expectSameBytes((await unwrapped(subject, suite, views)).dataKey, dataKey, 'the data key')
}

async function opensOddContexts(subject: Subject): Promise<void> {
  const { suite } = subject
  for (const context of [ODD_CONTEXT, encryptionContext({})]) {
    const { dataKey, encryptedDataKeys } = await wrap(subject, suite, undefined, context)
    const opened = await unwrapped(subject, suite, encryptedDataKeys, context)
    expectSameBytes(opened.dataKey, dataKey, 'the data key')
  }
}

async function opensAnyOrder(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite, undefined, ODD_CONTEXT)
  const reversed: Record<string, string> = Object.create(null)
  for (const [key, value] of Object.entries(ODD_CONTEXT).reverse()) reversed[key] = value
  const opened = await unwrapped(subject, suite, encryptedDataKeys, reversed)
  expectSameBytes(opened.dataKey, dataKey, 'the data key')
}

async function refusesOtherContexts(subject: Subject): Promise<void> {
  const { suite } = subject
  const { encryptedDataKeys } = await wrap(subject, suite)
  const others = [
    {},
    { purpose: 'conformance' },
    { ...CONTEXT, more: '' },
    { ...CONTEXT, Tenant: `${CANARY} ` },
    { purpose: 'conformance', tenant: CANARY },
    { purpose: CANARY, Tenant: 'conformance' },
  ].map(encryptionContext)
  for (const context of others) {
    const answer = await unwrap(subject, suite, encryptedDataKeys, context)
    expectNotOpened(answer, encryptedDataKeys, `an encrypted data key under another context (${Object.keys(context)})`)
  }
}

async function passesForeign(subject: Subject): Promise<void> {
  const { suite } = subject
  const { encryptedDataKeys } = await wrap(subject, suite)
  const others = encryptedDataKeys.flatMap(foreign)
  const { opened, reports, thrown } = await unwrap(subject, suite, others)
  expect(opened === null && thrown.length === 0, 'the answer to foreign encrypted data keys is not null')
  for (const each of others) expectReported({ opened, reports, thrown }, each, `provider id ${each.providerId}`)
}

async function refuses(
  subject: Subject,
  variants: (own: EncryptedDataKey) => EncryptedDataKey[],
  what: string,
): Promise<void> {
  const { suite } = subject
  const { encryptedDataKeys } = await wrap(subject, suite)
  for (const variant of encryptedDataKeys.flatMap(variants)) {
    expectNotOpened(await unwrap(subject, suite, [variant]), [variant], what)
  }
}

async function neverTakesAltered(subject: Subject): Promise<void> {
  const { suite, detectsTampering } = subject
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  for (const variant of encryptedDataKeys.flatMap(altered)) {
    const answer = await unwrap(subject, suite, [variant])
    if (detectsTampering || answer.opened === null) expectNotOpened(answer, [variant], 'an altered ciphertext')
    else {
      expect(answer.opened.dataKey.length === suite.dataKeyLength, 'an altered ciphertext showed by the length')
      expect(!sameBytes(answer.opened.dataKey, dataKey), 'an altered ciphertext gave the data key')
    }
  }
}

async function goesOnAfterBroken(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, own } = await wrappedOnce(subject)
  const [broken] = altered(own)
  expect(broken !== undefined, 'the ciphertext is empty')
  const answer = await unwrap(subject, suite, [broken, own])
  expect(answer.opened?.encryptedDataKey === own, 'the second encrypted data key was not opened after a broken first')
  expectSameBytes(answer.opened.dataKey, dataKey, 'the data key')
  expectReported(answer, broken, 'the broken first encrypted data key')
}

async function goesOnAfterForeign(subject: Subject): Promise<void> {
  const { suite } = subject
  const { dataKey, own } = await wrappedOnce(subject)
  const others = foreign(own)
  const answer = await unwrap(subject, suite, [...others, own])
  expect(answer.opened?.encryptedDataKey === own, 'its own encrypted data key was not opened after foreign ones')
  expectSameBytes(answer.opened.dataKey, dataKey, 'the data key')
  for (const each of others) expectReported(answer, each, `provider id ${each.providerId}`)
}

async function refusesSiblings(subject: Subject): Promise<void> {
  const { suite } = subject
  const others = (await wrap({ ...subject, writer: subject.sibling }, suite)).encryptedDataKeys
  expectNotOpened(await unwrap(subject, suite, others), others, 'what another key wrapped')
  const { dataKey, encryptedDataKeys } = await wrap(subject, suite)
  const opened = await unwrapped(subject, suite, [...others, ...encryptedDataKeys])
  expectSameBytes(opened.dataKey, dataKey, 'the data key behind those of another key')
}

async function answersSuiteLength(subject: Subject): Promise<void> {
  const { suites } = subject
  const lengths = new Map(suites.map((each) => [each.dataKeyLength, each]))
  for (const written of lengths.values()) {
    const { encryptedDataKeys } = await wrap(subject, written)
    for (const read of lengths.values()) {
      const { opened } = await unwrap(subject, read, encryptedDataKeys)
      const length = opened?.dataKey.length ?? read.dataKeyLength
      expect(length === read.dataKeyLength, `suite ${read.name} was given a data key of ${length} bytes`)
    }
  }
}

export const unwrapChecks: readonly Check[] = [
  { name: 'opens what it wrapped, for every suite, generated and given', holds: opensEverySuite },
  { name: 'opens each of its encrypted data keys alone, and names it', holds: opensEachAlone },
  { name: 'takes byte arrays that are views into larger buffers', holds: opensViews },
  {
    name: 'opens under odd encryption contexts: empty, with __proto__, numbers and astral keys',
    holds: opensOddContexts,
  },
  { name: 'opens whatever order the context lists its pairs in', holds: opensAnyOrder },
  { name: 'does not open under another encryption context', needs: 'bindsContext', holds: refusesOtherContexts },
  {
    name: 'answers null to no encrypted data keys',
    holds: async (subject) => {
      const { opened, reports, thrown } = await unwrap(subject, subject.suite, [])
      expect(opened === null && thrown.length === 0 && reports.length === 0, 'the answer is not null without reports')
    },
  },
  { name: 'answers null to foreign provider ids, and reports each once', holds: passesForeign },
  {
    name: 'does not open an encrypted data key of another key info',
    holds: (subject) => refuses(subject, otherKeyInfos, 'an encrypted data key of another key info'),
  },
  { name: 'never takes a ciphertext with an altered byte for what was wrapped', holds: neverTakesAltered },
  {
    name: 'does not open a ciphertext that is shortened, extended or empty',
    holds: (subject) => refuses(subject, otherLengths, 'a ciphertext of another length'),
  },
  {
    name: 'goes on after a broken encrypted data key, and reports it',
    needs: 'detectsTampering',
    holds: goesOnAfterBroken,
  },
  { name: 'goes on after foreign encrypted data keys, and reports them', holds: goesOnAfterForeign },
  { name: 'does not open what another key wrapped', needs: 'detectsTampering', holds: refusesSiblings },
  { name: "answers data keys of the suite's length only", holds: answersSuiteLength },
]
