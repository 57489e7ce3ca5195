import { describe, expect, it } from 'vitest'
import { decryptOptionNames, partialDecryptOptionNames } from '../src/decrypt-options.ts'
import { encryptOptionNames } from '../src/encrypt-options.ts'
import {
  createClient,
  decrypt,
  decryptStream,
  encrypt,
  encryptStream,
  inspect,
  type Keyring,
  openRange,
  type WrapRequest,
} from '../src/index.ts'
import { inspectOptionNames } from '../src/inspect.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { numbered } from './support/bytes.ts'
import { rejectionCode } from './support/errors.ts'
import { fixedCache } from './support/fixed-cache.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(100)
const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite: 0x0478 })
const old = await encrypt(plaintext, {
  keyring,
  commitmentPolicy: 'forbid-encrypt-allow-decrypt',
  algorithmSuite: 0x0178,
})

/** Runs while `Object.prototype` has this property, as a hostile merge leaves it. */
async function polluted<T>(name: string, value: unknown, run: () => T | Promise<T>): Promise<T> {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
  try {
    return await run()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

/** No option takes a symbol: each of these calls fails if it reads the polluted option. */
const HOSTILE = Symbol('hostile')

const calls: Readonly<Record<string, readonly [readonly string[], () => unknown]>> = {
  encrypt: [encryptOptionNames, () => encrypt(plaintext, { keyring })],
  encryptStream: [encryptOptionNames, () => encryptStream({ keyring }).started],
  encryptTransform: [encryptOptionNames, () => encryptTransform({ keyring })],
  decrypt: [decryptOptionNames, () => decrypt(ciphertext, { keyring })],
  decryptStream: [partialDecryptOptionNames, () => decryptStream({ keyring }).opened],
  decryptTransform: [partialDecryptOptionNames, () => decryptTransform({ keyring })],
  openRange: [partialDecryptOptionNames, () => openRange(ciphertext, { keyring })],
  inspect: [inspectOptionNames, () => inspect(ciphertext)],
  createClient: [[...encryptOptionNames, ...partialDecryptOptionNames], () => createClient({ keyring })],
  'createClient().encrypt': [encryptOptionNames, () => createClient({ keyring }).encrypt(plaintext)],
  'createClient().decrypt': [partialDecryptOptionNames, () => createClient({ keyring }).decrypt(ciphertext)],
}

describe('an option that a hostile merge put into Object.prototype has no effect', () => {
  for (const [call, [names, run]] of Object.entries(calls)) {
    for (const name of new Set(names.filter((each) => each !== 'keyring'))) {
      // Streams wait for their first bytes: only that they are made counts.
      it(`${name} of ${call}`, () =>
        polluted(name, HOSTILE, async () => {
          const made = run()
          if (!/Stream$/.test(call)) await made
        }))
    }
  }

  it('keyring of encrypt and decrypt: none was given', async () => {
    await polluted('keyring', keyring, async () => {
      expect(await rejectionCode(encrypt(plaintext, {} as { keyring: Keyring }))).toBe('TypeError')
      expect(await rejectionCode(decrypt(ciphertext, {} as { keyring: Keyring }))).toBe('TypeError')
    })
  })

  it('commitmentPolicy: a message that does not commit to its key stays closed', async () => {
    const refused = await polluted('commitmentPolicy', 'forbid-encrypt-allow-decrypt', () =>
      rejectionCode(decrypt(old.ciphertext, { keyring })),
    )
    expect(refused).toBe('ERR_POLICY')
  })

  it('algorithmSuite: a message is still signed', async () => {
    const { header } = await polluted('algorithmSuite', 0x0478, () => encrypt(plaintext, { keyring }))
    expect(header.suite.id).toBe(0x0578)
  })

  it('maxEncryptedDataKeys: the limit stays', async () => {
    const many = await encrypt(plaintext, { keyring: toyKeyring({ copies: 11 }), maxEncryptedDataKeys: false })
    const refused = await polluted('maxEncryptedDataKeys', false, () =>
      rejectionCode(decrypt(many.ciphertext, { keyring })),
    )
    expect(refused).toBe('ERR_LIMIT')
  })
})

it('a data key that a hostile merge put into Object.prototype is not wrapped', async () => {
  const chosen = new Uint8Array(32).fill(7)
  let asked: WrapRequest | undefined
  const asking: Keyring = {
    ...keyring,
    wrapDataKey: async (request) => {
      asked = request
      expect(request.dataKey).toBeUndefined()
      return keyring.wrapDataKey(request)
    },
  }
  await polluted('dataKey', chosen, () => encrypt(plaintext, { keyring: asking }))
  expect(asked).toBeDefined()
})

it('what a keyring or a cache leaves out of its answer is not taken from Object.prototype', async () => {
  const chosen = new Uint8Array(32).fill(7)
  const silent: Keyring = {
    ...keyring,
    wrapDataKey: async (request) => {
      const { encryptedDataKeys } = await keyring.wrapDataKey(request)
      return { encryptedDataKeys } as never
    },
    unwrapDataKey: async ({ encryptedDataKeys: [encryptedDataKey] }) => ({ encryptedDataKey }) as never,
  }
  await polluted('dataKey', chosen, async () => {
    expect(await rejectionCode(encrypt(plaintext, { keyring: silent }))).toBe('ERR_KEYRING')
    expect(await rejectionCode(decrypt(ciphertext, { keyring: silent }))).toBe('ERR_NO_KEY')
  })
  const cache = fixedCache((kept) => ({ ...kept }))
  await polluted('charge', HOSTILE, () => encrypt(plaintext, { keyring, cache }))
  await polluted('forget', HOSTILE, async () => {
    const foreign = { ...keyring, unwrapDataKey: async () => null }
    expect(await rejectionCode(decrypt(ciphertext, { keyring: foreign, cache }))).toBe('ERR_NO_KEY')
  })
})
