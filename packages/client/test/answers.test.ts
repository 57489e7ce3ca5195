import { describe, expect, it } from 'vitest'
import {
  type AlgorithmSuite,
  algorithmSuites,
  type DataKeyCache,
  decrypt,
  type EncryptedDataKey,
  encrypt,
  type Keyring,
  type UnwrappedDataKey,
  type WrappedDataKey,
} from '../src/index.ts'
import { isZero, numbered } from './support/bytes.ts'
import { everythingIn, rejection, rejectionCode } from './support/errors.ts'
import { fixedCache } from './support/fixed-cache.ts'
import { policyFor } from './support/suites.ts'
import { type ToyKeyring, toyKeyring } from './support/toy-keyring.ts'

const plaintext = numbered(20)

/** The toy keyring, whose answers somebody alters on their way. */
function altered(
  alter: { wrap?: (answer: WrappedDataKey) => unknown; unwrap?: (answer: UnwrappedDataKey | null) => unknown },
  toy: ToyKeyring = toyKeyring(),
): ToyKeyring {
  return {
    ...toy,
    wrapDataKey: async (request) => {
      const answer = await toy.wrapDataKey(request)
      return (alter.wrap === undefined ? answer : alter.wrap(answer)) as WrappedDataKey
    },
    unwrapDataKey: async (request) => {
      const answer = await toy.unwrapDataKey(request)
      return (alter.unwrap === undefined ? answer : alter.unwrap(answer)) as UnwrappedDataKey | null
    },
  }
}

const key: EncryptedDataKey = { providerId: 'p', keyInfo: new Uint8Array(2), ciphertext: new Uint8Array(2) }

describe('a keyring that answers nonsense when asked to wrap', () => {
  const nonsense: Readonly<Record<string, (answer: WrappedDataKey) => unknown>> = {
    'nothing at all': () => undefined,
    null: () => null,
    'no data key': ({ encryptedDataKeys }) => ({ encryptedDataKeys }),
    'a data key as text': (answer) => ({ ...answer, dataKey: 'secret' }),
    'a data key that is too short': (answer) => ({ ...answer, dataKey: answer.dataKey.subarray(1) }),
    'a data key that is too long': (answer) => ({ ...answer, dataKey: new Uint8Array(64) }),
    'no list of encrypted data keys': ({ dataKey }) => ({ dataKey }),
    'an empty list of encrypted data keys': ({ dataKey }) => ({ dataKey, encryptedDataKeys: [] }),
    'an encrypted data key without ciphertext': ({ dataKey }) => ({
      dataKey,
      encryptedDataKeys: [{ providerId: 'p', keyInfo: new Uint8Array(1) }],
    }),
    'a key info as text': ({ dataKey }) => ({ dataKey, encryptedDataKeys: [{ ...key, keyInfo: 'name' }] }),
    'a ciphertext over 65,535 bytes': ({ dataKey }) => ({
      dataKey,
      encryptedDataKeys: [{ ...key, ciphertext: new Uint8Array(65_536) }],
    }),
    'a provider id over 65,535 bytes': ({ dataKey }) => ({
      dataKey,
      encryptedDataKeys: [{ ...key, providerId: 'é'.repeat(32_768) }],
    }),
    'a provider id that UTF-8 cannot write': ({ dataKey }) => ({
      dataKey,
      encryptedDataKeys: [{ ...key, providerId: '\ud800' }],
    }),
  }
  for (const [what, wrap] of Object.entries(nonsense)) {
    it(`fails with ERR_KEYRING for ${what}, and the data key is zeroed`, async () => {
      let dataKey: unknown
      const keyring = altered({
        wrap: (answer) => {
          const wrong = wrap(answer)
          dataKey = (wrong as Partial<WrappedDataKey> | null | undefined)?.dataKey
          return wrong
        },
      })
      expect(await rejectionCode(encrypt(plaintext, { keyring }))).toBe('ERR_KEYRING')
      if (dataKey instanceof Uint8Array) expect(isZero(dataKey)).toBe(true)
    })
  }

  it('keeps to maxEncryptedDataKeys, and zeroes the data key', async () => {
    const keyring = toyKeyring({ copies: 11 })
    expect(await rejectionCode(encrypt(plaintext, { keyring }))).toBe('ERR_LIMIT')
    expect(keyring.handedOut.every(isZero)).toBe(true)
  })
})

describe('a keyring that fails to wrap', () => {
  const failing = (error: unknown): Keyring => ({ ...toyKeyring(), wrapDataKey: () => Promise.reject(error) })

  it('fails the call with ERR_KEYRING, keeps the cause and names the keyring', async () => {
    for (const cause of [new Error('denied'), new TypeError('fetch failed'), new RangeError('x'), 'text', undefined]) {
      const error = await rejection(encrypt(plaintext, { keyring: failing(cause) }))
      expect(error).toMatchObject({ code: 'ERR_KEYRING', cause })
      expect(String(error)).toContain('toy-1')
    }
  })

  it('fails with its own error where that is one of ours', async () => {
    const { BongtuError } = await import('../src/index.ts')
    const own = new BongtuError('ERR_LIMIT', 'wrapped too often')
    expect(await rejection(encrypt(plaintext, { keyring: failing(own) }))).toBe(own)
  })
})

describe('a keyring that answers nonsense when asked to unwrap', () => {
  const nonsense: Readonly<Record<string, (answer: UnwrappedDataKey) => unknown>> = {
    'nothing at all': () => undefined,
    'no data key': ({ encryptedDataKey }) => ({ encryptedDataKey }),
    'a data key as text': (answer) => ({ ...answer, dataKey: 'secret' }),
    'a data key that is too short': (answer) => ({ ...answer, dataKey: answer.dataKey.subarray(1) }),
    'an encrypted data key that the message does not hold': ({ dataKey }) => ({ dataKey, encryptedDataKey: key }),
    'no encrypted data key': ({ dataKey }) => ({ dataKey }),
  }
  for (const [what, unwrap] of Object.entries(nonsense)) {
    it(`counts as not opened for ${what}, and the data key is zeroed`, async () => {
      let dataKey: unknown
      const keyring = altered({
        unwrap: (answer) => {
          const wrong = unwrap(answer as UnwrappedDataKey)
          dataKey = (wrong as Partial<UnwrappedDataKey> | undefined)?.dataKey
          return wrong
        },
      })
      const { ciphertext } = await encrypt(plaintext, { keyring })
      const error = await rejection(decrypt(ciphertext, { keyring }))
      expect(error).toMatchObject({ code: 'ERR_NO_KEY', attempts: [{ keyring: 'toy-1' }] })
      if (dataKey instanceof Uint8Array) expect(isZero(dataKey)).toBe(true)
    })
  }

  it('a wrong data key of the right length only shows as ERR_AUTHENTICATION, and is zeroed', async () => {
    let wrong = new Uint8Array(32)
    const keyring = altered({
      unwrap: (answer) => {
        wrong = new Uint8Array(32).fill(7)
        return { ...answer, dataKey: wrong }
      },
    })
    for (const algorithmSuite of [0x0178, 0x0478]) {
      const commitmentPolicy =
        algorithmSuite === 0x0178 ? 'forbid-encrypt-allow-decrypt' : 'require-encrypt-allow-decrypt'
      const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite, commitmentPolicy })
      expect(await rejectionCode(decrypt(ciphertext, { keyring, commitmentPolicy }))).toBe('ERR_AUTHENTICATION')
      expect(isZero(wrong)).toBe(true)
    }
  })

  it('a copy of the encrypted data key is taken for the one in the header', async () => {
    const keyring = altered({
      unwrap: (answer) => ({
        ...answer,
        encryptedDataKey: structuredClone((answer as UnwrappedDataKey).encryptedDataKey),
      }),
    })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    const { header, encryptedDataKey } = await decrypt(ciphertext, { keyring })
    expect(encryptedDataKey).toBe(header.encryptedDataKeys[0])
  })
})

describe('a cache that answers what was not asked', () => {
  const keyring = toyKeyring()
  const encryptionContext = { tenant: 'acme' }

  it('another context is refused, since the header would carry it', async () => {
    const cache = fixedCache()
    await encrypt(plaintext, { keyring, cache, encryptionContext })
    for (const other of [{}, { tenant: 'other' }, { tenant: 'acme', more: '1' }, { Tenant: 'acme' }]) {
      const attempt = encrypt(plaintext, { keyring, cache, encryptionContext: other })
      expect(await rejectionCode(attempt)).toBe('ERR_KEYRING')
    }
  })

  it('a signing key that is not the one in the context is refused', async () => {
    const strangers = fixedCache()
    const stranger = await strangers.forEncryption(await requestOf(keyring))
    const cache = fixedCache((kept) => ({
      ...kept,
      ...('signingKey' in kept ? { signingKey: stranger.signingKey } : {}),
    }))
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache }))).toBe('ERR_KEYRING')
    const lost = fixedCache((kept) => ({ ...kept, signingKey: undefined }))
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache: lost }))).toBe('ERR_KEYRING')
  })

  it('a kept data key is refused for a suite that derives none, since its initialisation vectors would repeat', async () => {
    for (const suite of algorithmSuites.filter(({ kdf }) => kdf === null)) {
      const options = { keyring, cache: fixedCache(), ...policyFor(suite) }
      await encrypt(plaintext, options)
      expect(await rejectionCode(encrypt(plaintext, options))).toBe('ERR_KEYRING')
    }
  })

  it('a data key of another length is refused and zeroed', async () => {
    const short = new Uint8Array(16).fill(9)
    const cache = fixedCache((kept) => ({ ...kept, dataKey: short }))
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache }))).toBe('ERR_KEYRING')
    expect(isZero(short)).toBe(true)
    const { ciphertext } = await encrypt(plaintext, { keyring })
    short.fill(9)
    expect(await rejectionCode(decrypt(ciphertext, { keyring, cache }))).toBe('ERR_NO_KEY')
    expect(isZero(short)).toBe(true)
  })

  it('a kept data key that was wiped is refused, since everybody knows it', async () => {
    const kept = fixedCache()
    const options = { keyring, cache: kept, algorithmSuite: 0x0478 }
    await encrypt(plaintext, options)
    const cache: DataKeyCache = {
      ...kept,
      forEncryption: async (request) => ({ ...(await kept.forEncryption(request)), dataKey: new Uint8Array(32) }),
    }
    const error = await rejection(encrypt(plaintext, { ...options, cache }))
    expect(error).toMatchObject({ code: 'ERR_KEYRING', message: expect.stringContaining('was wiped') })
  })

  it('of a suite that it answers, nothing but the id counts', async () => {
    const lie = { messageVersion: 1, dataKeyLength: 16, kdf: null, committing: false, signature: null } as const
    const lying = <T extends { suite: AlgorithmSuite }>(kept: T): T => ({ ...kept, suite: { ...kept.suite, ...lie } })
    for (const suite of algorithmSuites) {
      const { algorithmSuite, commitmentPolicy } = policyFor(suite)
      const { ciphertext } = await encrypt(plaintext, {
        keyring,
        cache: fixedCache(lying),
        algorithmSuite,
        commitmentPolicy,
      })
      const opened = await decrypt(ciphertext, { keyring, cache: fixedCache(lying), commitmentPolicy })
      expect([opened.header.suite, opened.plaintext]).toEqual([suite, plaintext])
    }
  })

  it('a suite that the policy forbids is refused, even if the answer says that it commits', async () => {
    const cache = fixedCache((kept) => ({ ...kept, suite: { ...kept.suite, id: 0x0178, committing: true } }))
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache }))).toBe('ERR_POLICY')
  })

  it('a suite that does not exist is refused', async () => {
    const cache = fixedCache((kept) => ({ ...kept, suite: { ...kept.suite, id: 0x9999 } }))
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache }))).toBe('ERR_KEYRING')
  })

  it('the very data key, kept for another suite, opens nothing', async () => {
    const other = algorithmSuites.find(({ id }) => id === 0x0178)
    const cache = fixedCache((kept) => ({ ...kept, suite: other ?? kept.suite }))
    const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite: 0x0478 })
    const error = await rejection(decrypt(ciphertext, { keyring, cache }))
    expect(error).toMatchObject({ code: 'ERR_NO_KEY', attempts: [{ reason: 'answered a data key of suite 0178' }] })
  })

  /** What `encrypt` asks a cache. */
  async function requestOf(of: Keyring): Promise<Parameters<DataKeyCache['forEncryption']>[0]> {
    const requests: Parameters<DataKeyCache['forEncryption']>[0][] = []
    const cache: DataKeyCache = {
      forEncryption: async (request) => {
        requests.push(request)
        return { ...(await request.generate()), outcome: 'miss' }
      },
      forDecryption: () => Promise.reject(new Error('not asked')),
    }
    await encrypt(plaintext, { keyring: of, cache })
    const [request] = requests
    if (request === undefined) throw new Error('the cache was not asked')
    return request
  }
})

describe('ERR_NO_KEY', () => {
  it('lists each encrypted data key against the keyring, and why it was passed over', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: toyKeyring({ name: 'theirs', copies: 2 }) })
    const error = await rejection(decrypt(ciphertext, { keyring: toyKeyring({ name: 'mine' }) }))
    expect(error).toMatchObject({
      code: 'ERR_NO_KEY',
      attempts: [
        { keyring: 'mine', reason: 'of another key' },
        { keyring: 'mine', reason: 'of another key' },
      ],
    })
    expect(String(error)).toMatch(/2 encrypted data keys.*\n.*"toy\/theirs" with mine: of another key/)
  })

  it('counts a throw as a failure of every encrypted data key that was not reported, and keeps the cause', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: toyKeyring({ copies: 3 }) })
    const cause = new Error('the network is down')
    const keyring: Keyring = {
      ...toyKeyring(),
      unwrapDataKey: async ({ encryptedDataKeys: [first], passedOver }) => {
        if (first !== undefined) passedOver(first, 'denied', undefined, 'inner')
        throw cause
      },
    }
    expect(await rejection(decrypt(ciphertext, { keyring }))).toMatchObject({
      attempts: [
        { keyring: 'inner', reason: 'denied' },
        { keyring: 'toy-1', reason: 'failed: the network is down', cause },
        { keyring: 'toy-1', cause },
      ],
    })
  })

  it('lists what the keyring passed over without a word', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: toyKeyring({ copies: 2 }) })
    const keyring: Keyring = {
      ...toyKeyring({ name: 'silent' }),
      unwrapDataKey: async ({ encryptedDataKeys: [, second], passedOver }) => {
        if (second !== undefined) passedOver(second, 'denied')
        return null
      },
    }
    for (const more of [{}, { cache: fixedCache() }]) {
      const error = await rejection(decrypt(ciphertext, { keyring, ...more }))
      expect(error).toMatchObject({
        attempts: [
          { keyring: 'silent', reason: 'denied' },
          { keyring: 'silent', reason: 'passed over without a reason' },
        ],
      })
      expect(String(error)).toMatch(/"toy\/toy-1" with silent: passed over without a reason/)
    }
  })

  it('names long names by their beginning', async () => {
    const long: EncryptedDataKey = {
      ...key,
      providerId: 'p'.repeat(20_000),
      keyInfo: new Uint8Array(60_000).fill(0x6b),
    }
    const keyring = altered({ wrap: ({ dataKey }) => ({ dataKey, encryptedDataKeys: [long] }) })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    const error = await rejection(decrypt(ciphertext, { keyring }))
    expect(String(error)).toMatch(/"p{200}" with toy-1/)
  })

  it('spells out ten attempts, and prints nothing that a terminal would obey', async () => {
    const hostile: EncryptedDataKey = {
      providerId: 'evil\u001b[2J\u202e\u009b',
      keyInfo: new TextEncoder().encode('\u001b]0;title\u0007'),
      ciphertext: new Uint8Array(3),
    }
    const keyring = altered({ wrap: ({ dataKey }) => ({ dataKey, encryptedDataKeys: Array(12).fill(hostile) }) })
    const { ciphertext } = await encrypt(plaintext, { keyring, maxEncryptedDataKeys: 12 })
    const error = await rejection(decrypt(ciphertext, { keyring, maxEncryptedDataKeys: 12 }))
    const message = String(error)
    expect(message).not.toMatch(/[^\x20-\x7e\n…]/)
    expect(message).toContain('and 2 more')
    expect(everythingIn(error)).toContain('evil')
    expect(error).toMatchObject({ attempts: { length: 12 } })
  })
})
