import type { Keyring, PassedOver, UnwrapRequest } from '@bongtu/client'
import { type KeyringUnderTest, keyringConformance } from '@bongtu/client/conformance'
import { nodeEngine } from '@bongtu/crypto/node'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { suiteById } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { countingKey, rsaPair } from './keys.ts'

const key = countingKey(32)
const good = rawAes({ namespace: 'conformance', name: 'key', key })
const sibling = rawAes({ namespace: 'conformance', name: 'key', key: countingKey(32, 101) })

/** The names of the checks that a keyring fails. */
async function failures(keyring: Keyring, traits: Partial<KeyringUnderTest> = {}): Promise<string[]> {
  const checks: [string, () => Promise<void>][] = []
  const runner = {
    describe: (_: string, body: () => void) => body(),
    it: (name: string, body: () => Promise<void>) => void checks.push([name, body]),
  }
  const make = () => ({ keyring, sibling, secrets: [key] })
  keyringConformance(runner, { name: 'under test', bindsContext: true, make, ...traits })
  const failed: string[] = []
  for (const [name, body] of checks) await body().catch(() => failed.push(name))
  return failed
}

const unwrapping = (change: (request: UnwrapRequest) => Partial<UnwrapRequest>): Keyring => ({
  ...good,
  unwrapDataKey: (request) => good.unwrapDataKey({ ...request, ...change(request) }),
})

const reporting = (report: (passedOver: PassedOver, ...said: Parameters<PassedOver>) => void): Keyring =>
  unwrapping(({ passedOver }) => ({ passedOver: (...said) => report(passedOver, ...said) }))

/** As if the provider or the name of what it is asked to open were its own. */
const claiming = (claimed: (own: Uint8Array) => Partial<{ providerId: string; keyInfo: Uint8Array }>): Keyring => ({
  ...good,
  unwrapDataKey: async (request) => {
    for (const encryptedDataKey of request.encryptedDataKeys) {
      const claims = { ...encryptedDataKey, ...claimed(encryptedDataKey.keyInfo) }
      const opened = await good.unwrapDataKey({ ...request, encryptedDataKeys: [claims], passedOver: () => undefined })
      if (opened !== null) return { ...opened, encryptedDataKey }
      request.passedOver(encryptedDataKey, 'not opened')
    }
    return null
  },
})

/** The key info of `good`, up to the initialisation vector. */
const HEAD = Uint8Array.of(0x6b, 0x65, 0x79, 0, 0, 0, 128, 0, 0, 0, 12)
const startsWithName = (info: Uint8Array): boolean => HEAD.subarray(0, 3).every((byte, at) => byte === info[at])

let shared = new Uint8Array(32)
const kept = new Map<string, Uint8Array>()
const ownInfo = new Uint8Array(23)

const defects: Record<string, [keyring: Keyring, check: RegExp]> = {
  'generates data keys of one length': [
    { ...good, wrapDataKey: async (r) => ({ ...(await good.wrapDataKey(r)), dataKey: r.dataKey ?? countingKey(32) }) },
    /generates a data key of 16 bytes/,
  ],
  'generates one data key for all': [
    {
      ...good,
      wrapDataKey: (r) => good.wrapDataKey({ ...r, dataKey: r.dataKey ?? countingKey(r.suite.dataKeyLength) }),
    },
    /generates another data key each time/,
  ],
  'answers nothing wrapped': [
    { ...good, wrapDataKey: async (r) => ({ ...(await good.wrapDataKey(r)), encryptedDataKeys: [] }) },
    /answers at least one encrypted data key/,
  ],
  'wraps nothing but the clear data key': [
    {
      ...good,
      wrapDataKey: async (r) => {
        const { dataKey } = await good.wrapDataKey(r)
        return { dataKey, encryptedDataKeys: [{ providerId: 'x', keyInfo: ownInfo, ciphertext: dataKey.slice() }] }
      },
    },
    /does not show the data key/,
  ],
  'reuses its initialisation vector': [
    rawAes({
      namespace: 'conformance',
      name: 'key',
      key,
      engine: { ...nodeEngine, random: (length) => (length === 12 ? new Uint8Array(12) : nodeEngine.random(length)) },
    }),
    /another ciphertext each time/,
  ],
  'zeroes the data key that it was given': [
    {
      ...good,
      wrapDataKey: async (r) => {
        const wrapped = await good.wrapDataKey(r)
        const dataKey = wrapped.dataKey.slice()
        r.dataKey?.fill(0)
        return { ...wrapped, dataKey }
      },
    },
    /wraps a given data key and answers it unaltered/,
  ],
  'mixes up calls at the same time': [
    {
      ...good,
      wrapDataKey: async (r) => {
        shared = Uint8Array.from(r.dataKey ?? nodeEngine.random(r.suite.dataKeyLength))
        await Promise.resolve()
        return good.wrapDataKey({ ...r, dataKey: shared })
      },
    },
    /serves many calls at once/,
  ],
  'does not bind the context': [
    {
      ...good,
      wrapDataKey: (r) => good.wrapDataKey({ ...r, encryptionContext: {} }),
      unwrapDataKey: (r) => good.unwrapDataKey({ ...r, encryptionContext: {} }),
    },
    /does not open under another encryption context/,
  ],
  'binds the values of the context alone': [
    {
      ...good,
      wrapDataKey: (r) => good.wrapDataKey({ ...r, encryptionContext: valuesOf(r.encryptionContext) }),
      unwrapDataKey: (r) => good.unwrapDataKey({ ...r, encryptionContext: valuesOf(r.encryptionContext) }),
    },
    /does not open under another encryption context/,
  ],
  'binds the order that the context is listed in': [
    {
      ...good,
      wrapDataKey: (r) => good.wrapDataKey({ ...r, encryptionContext: listed(r.encryptionContext) }),
      unwrapDataKey: (r) => good.unwrapDataKey({ ...r, encryptionContext: listed(r.encryptionContext) }),
    },
    /whatever order the context lists its pairs in/,
  ],
  'trips over odd context keys': [
    unwrapping(({ encryptionContext: pairs }) => ({ encryptionContext: Object.assign({}, pairs) })),
    /odd encryption contexts/,
  ],
  'reads beyond its views': [
    {
      ...good,
      unwrapDataKey: (r) =>
        good.unwrapDataKey({
          ...r,
          encryptedDataKeys: r.encryptedDataKeys.map((each) => ({
            ...each,
            ciphertext: new Uint8Array(each.ciphertext.buffer),
          })),
        }),
    },
    /views into larger buffers/,
  ],
  'claims every provider id': [claiming(() => ({ providerId: 'conformance' })), /null to foreign provider ids/],
  'claims names that begin like its own': [
    claiming((info) => (startsWithName(info) ? { keyInfo: Uint8Array.of(...HEAD, ...info.subarray(-12)) } : {})),
    /of another key info/,
  ],
  'throws at what is foreign': [
    {
      ...good,
      unwrapDataKey: async (r) => {
        if (r.encryptedDataKeys.some(({ providerId }) => providerId !== 'conformance')) throw new Error('foreign')
        return good.unwrapDataKey(r)
      },
    },
    /goes on after foreign encrypted data keys/,
  ],
  'tries the first alone': [
    unwrapping(({ encryptedDataKeys }) => ({ encryptedDataKeys: encryptedDataKeys.slice(0, 1) })),
    /goes on after a broken encrypted data key/,
  ],
  'answers data keys of any length': [
    {
      ...good,
      unwrapDataKey: async (r) => {
        const opened = await good.unwrapDataKey(r)
        return (
          opened ??
          (r.encryptedDataKeys[0] && { dataKey: countingKey(16), encryptedDataKey: r.encryptedDataKeys[0] }) ??
          null
        )
      },
    },
    /of the suite's length only/,
  ],
  'names a copy of what it opened': [
    {
      ...good,
      unwrapDataKey: async (r) => {
        const opened = await good.unwrapDataKey(r)
        return opened && { ...opened, encryptedDataKey: { ...opened.encryptedDataKey } }
      },
    },
    /each of its encrypted data keys alone, and names it/,
  ],
  'reports nothing': [reporting(() => undefined), /reports each once/],
  'reports twice': [
    reporting((passedOver, ...said) => {
      passedOver(...said)
      passedOver(...said)
    }),
    /reports each once/,
  ],
  'reports without a reason': [
    reporting((passedOver, encryptedDataKey) => passedOver(encryptedDataKey, ' ')),
    /reports each once/,
  ],
  'reports its key in hexadecimal': [
    reporting((passedOver, encryptedDataKey) =>
      passedOver(encryptedDataKey, `not ${Buffer.from(key).toString('hex')}`),
    ),
    /no key bytes and no context values/,
  ],
  'reports its key in the cause': [
    reporting((passedOver, encryptedDataKey, reason) =>
      passedOver(encryptedDataKey, reason, new Error('x', { cause: { key } })),
    ),
    /no key bytes and no context values/,
  ],
  'reports the context': [
    {
      ...good,
      unwrapDataKey: (r) => {
        const passedOver: PassedOver = (each) => r.passedOver(each, Object.values(r.encryptionContext).join())
        return good.unwrapDataKey({ ...r, passedOver })
      },
    },
    /no key bytes and no context values/,
  ],
  'alters what it is asked to open': [
    {
      ...good,
      unwrapDataKey: async (r) => {
        const opened = await good.unwrapDataKey(r)
        for (const { ciphertext } of r.encryptedDataKeys) ciphertext.fill(0)
        return opened
      },
    },
    /alters nothing that it is given to unwrap/,
  ],
  'does not heed the signal': [
    {
      ...good,
      wrapDataKey: ({ signal: _, ...r }) => good.wrapDataKey(r),
      unwrapDataKey: ({ signal: _, ...r }) => good.unwrapDataKey(r),
    },
    /rejects unwrapDataKey with the signal's reason/,
  ],
  'keeps the data keys that it hands out': [
    {
      ...good,
      unwrapDataKey: async (r) => {
        const opened = await good.unwrapDataKey(r)
        if (opened === null) return null
        const id = Buffer.from(opened.encryptedDataKey.ciphertext).toString('hex')
        const dataKey = kept.get(id) ?? opened.dataKey
        kept.set(id, dataKey)
        return { ...opened, dataKey }
      },
    },
    /leaves the data keys that it answers to the caller/,
  ],
  'has no name': [{ ...good, name: '' }, /has a name without secrets/],
  'names its key': [{ ...good, name: `aes ${Buffer.from(key).toString('base64')}` }, /has a name without secrets/],
  'shows its key': [Object.assign({ ...good }, { options: { key } }), /shows no key bytes/],
}

function valuesOf(context: Readonly<Record<string, string>>): Record<string, string> {
  return { values: Object.values(context).sort().join() }
}

function listed(context: Readonly<Record<string, string>>): Record<string, string> {
  return { listed: JSON.stringify(Object.entries(context)) }
}

describe('the keyring conformance suite', () => {
  it('finds nothing in a keyring that has no defect', async () => {
    expect(await failures(good)).toEqual([])
  })

  it.each(Object.entries(defects))('catches a keyring that %s', async (_, [keyring, check]) => {
    expect(await failures(keyring)).toContainEqual(expect.stringMatching(check))
  })

  it('catches a keyring that hands out one array as the key info of all', async () => {
    const pair = rsaPair()
    const rsa = rawRsa({ namespace: 'conformance', name: 'key', padding: 'oaep-sha1', ...pair })
    const keyInfo = new TextEncoder().encode('key')
    const lazy: Keyring = {
      ...rsa,
      wrapDataKey: async (request) => {
        const { dataKey, encryptedDataKeys } = await rsa.wrapDataKey(request)
        return { dataKey, encryptedDataKeys: encryptedDataKeys.map((each) => ({ ...each, keyInfo })) }
      },
    }
    expect(await failures(lazy, { bindsContext: false })).toContain(
      'leaves the encrypted data keys that it answers to the caller',
    )
  })

  it('catches a keyring that wraps where its kind does not', async () => {
    expect(await failures(good, { generates: false, wrapsGiven: false })).toEqual([
      'refuses to generate',
      'refuses to wrap a given data key',
    ])
  })

  it('catches tampering that is noticed by the length alone', async () => {
    const telling: Keyring = {
      ...good,
      unwrapDataKey: async (request) => {
        const opened = await good.unwrapDataKey(request)
        const [first] = request.encryptedDataKeys
        if (opened !== null || first?.providerId !== 'conformance') return opened
        return { dataKey: new Uint8Array(7), encryptedDataKey: first }
      },
    }
    expect(await failures(telling, { detectsTampering: false })).toContain(
      'never takes a ciphertext with an altered byte for what was wrapped',
    )
  })

  it('runs the suites that it is told, and needs one', async () => {
    const asked: number[] = []
    const noting: Keyring = {
      ...good,
      wrapDataKey: (request) => {
        asked.push(request.suite.id)
        return good.wrapDataKey(request)
      },
    }
    expect(await failures(noting, { suites: [suiteById(0x0114), suiteById(0x0478)] })).toEqual([])
    expect([...new Set(asked)]).toEqual([0x0114, 0x0478])
    await expect(failures(good, { suites: [] })).rejects.toThrow(RangeError)
  })
})
