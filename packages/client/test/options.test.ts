import { nobleEngine } from '@bongtu/crypto/noble'
import { describe, expect, it } from 'vitest'
import {
  algorithmSuites,
  createClient,
  type DecryptOptions,
  decrypt,
  decryptStream,
  type EncryptOptions,
  encrypt,
  encryptStream,
  inspect,
  openRange,
} from '../src/index.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { decryptCore, encryptCore } from '../src/push.ts'
import { numbered } from './support/bytes.ts'
import { codeOf, rejectionCode, thrown } from './support/errors.ts'
import { fixedCache } from './support/fixed-cache.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(100)
const { ciphertext } = await encrypt(plaintext, { keyring, frameLength: 32 })

type Call = (options: object) => unknown

const encrypting: Readonly<Record<string, Call>> = {
  encrypt: (options) => encrypt(plaintext, options as EncryptOptions),
  encryptStream: (options) => encryptStream(options as EncryptOptions),
  encryptTransform: (options) => encryptTransform(options as EncryptOptions),
  encryptCore: (options) => encryptCore(options as EncryptOptions, () => {}),
  'createClient().encrypt': (options) => createClient().encrypt(plaintext, options),
}

const decrypting: Readonly<Record<string, Call>> = {
  decrypt: (options) => decrypt(ciphertext, options as DecryptOptions),
  decryptStream: (options) => decryptStream(options as DecryptOptions),
  decryptTransform: (options) => decryptTransform(options as DecryptOptions),
  decryptCore: (options) => decryptCore(options as DecryptOptions, () => {}),
  openRange: (options) => openRange(ciphertext, options as DecryptOptions),
  'createClient().decrypt': (options) => createClient().decrypt(ciphertext, options),
}

const neither: Readonly<Record<string, Call>> = {
  inspect: (options) => inspect(ciphertext, options),
  createClient: (options) => createClient(options),
}

/** What a call throws or is rejected with. */
async function refusal(call: Call, options: object): Promise<string> {
  try {
    return await rejectionCode(Promise.resolve(call(options)))
  } catch (error) {
    return codeOf(error)
  }
}

describe('options that do not exist are refused, so that none is silently without effect', () => {
  for (const [name, call] of Object.entries({ ...encrypting, ...decrypting, ...neither })) {
    it(`by ${name}`, async () => {
      for (const misspelt of ['encryptionContexts', 'commitmentpolicy', 'discoveryFilter', 'maxBodySize']) {
        expect(await refusal(call, { keyring, [misspelt]: undefined })).toBe('TypeError')
      }
      for (const none of [null, 'options', 7]) {
        expect(await refusal(call, none as unknown as object)).toBe('TypeError')
      }
    })
  }

  it('those of the other direction too', async () => {
    for (const [name, call] of Object.entries(encrypting)) {
      expect(await refusal(call, { keyring, maxHeaderLength: 100 }), name).toBe('TypeError')
    }
    for (const [name, call] of Object.entries(decrypting)) {
      expect(await refusal(call, { keyring, frameLength: 100 }), name).toBe('TypeError')
    }
    expect(
      await refusal((options) => decrypt(ciphertext, options as DecryptOptions), { keyring, unverified: 'refuse' }),
    ).toBe('TypeError')
    expect(await refusal((options) => inspect(ciphertext, options), { keyring })).toBe('TypeError')
  })
})

describe('wrong values are refused', () => {
  const wrong: readonly (readonly [
    Readonly<Record<string, Call>>,
    Readonly<Record<string, readonly unknown[]>>,
    string,
  ])[] = [
    [
      { ...encrypting, ...decrypting },
      {
        keyring: [undefined, null, 'raw-aes:x', {}, { wrapDataKey() {} }, () => {}],
        engine: [null, {}, 'node'],
        cache: [null, {}, new Map()],
        signal: [null, {}, new AbortController()],
        encryptionContext: [
          'a=b',
          ['a'],
          { a: 1 },
          { a: undefined },
          new Map([['a', 'b']]),
          new URLSearchParams('a=b'),
        ],
        maxEncryptedDataKeys: [true, '10', 10n],
      },
      'TypeError',
    ],
    [{ ...encrypting, ...decrypting }, { maxEncryptedDataKeys: [0, -1, 1.5, Number.NaN] }, 'RangeError'],
    [encrypting, { requiredEncryptionContextKeys: ['a', { a: 1 }, [1]] }, 'TypeError'],
    [
      encrypting,
      {
        algorithmSuite: [0x6700, 0x6701, 0x0070, 0x0000, 'AES', '57', '0x0000', -1],
        frameLength: [0, -1, 1.5, 2 ** 32, Number.POSITIVE_INFINITY],
        plaintextLength: [-1, 0.5, 2 ** 53],
      },
      'RangeError',
    ],
    [encrypting, { frameLength: ['4096', 4096n], plaintextLength: ['0'] }, 'TypeError'],
    [
      decrypting,
      { maxHeaderLength: [0, 1.5], maxFrameLength: [0, 2 ** 60], maxPlaintextLength: [-1, 0.5] },
      'RangeError',
    ],
    [decrypting, { allowNet400Messages: [1, 'true', 'yes'], maxFrameLength: ['1'] }, 'TypeError'],
  ]
  for (const [calls, values, code] of wrong) {
    for (const [option, each] of Object.entries(values)) {
      it(`of ${option}, with a ${code}`, async () => {
        for (const [name, call] of Object.entries(calls)) {
          for (const value of each) {
            expect(await refusal(call, { keyring, [option]: value }), `${name} with ${String(value)}`).toBe(code)
          }
        }
      })
    }
  }

  it('of unverified and commitmentPolicy, with a TypeError', async () => {
    for (const unverified of ['allow', true, 'REFUSE']) {
      for (const name of ['decryptStream', 'decryptTransform', 'decryptCore', 'openRange'] as const) {
        expect(await refusal(decrypting[name] ?? (() => {}), { keyring, unverified })).toBe('TypeError')
      }
    }
    for (const [name, call] of Object.entries({ ...encrypting, ...decrypting })) {
      for (const commitmentPolicy of ['none', 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT', 'toString', 3]) {
        expect(await refusal(call, { keyring, commitmentPolicy }), name).toBe('TypeError')
      }
    }
  })

  it('at construction, where there is one', () => {
    const options = { keyring, maxEncryptedDataKeys: 0 }
    for (const make of [encryptStream, encryptTransform, decryptStream, decryptTransform, createClient]) {
      expect(codeOf(thrown(() => make(options)))).toBe('RangeError')
    }
  })

  it('of the input, with a TypeError that helps', async () => {
    for (const input of ['text', [1, 2], new ArrayBuffer(2), new Uint16Array(2), null, undefined]) {
      expect(await rejectionCode(encrypt(input as unknown as Uint8Array, { keyring }))).toBe('TypeError')
      expect(await rejectionCode(decrypt(input as unknown as Uint8Array, { keyring }))).toBe('TypeError')
    }
    await expect(encrypt('text' as unknown as Uint8Array, { keyring })).rejects.toThrow(
      new TypeError('plaintext must be a Uint8Array, got a string: encode text with TextEncoder first'),
    )
    await expect(decrypt('AgV4' as unknown as Uint8Array, { keyring })).rejects.toThrow(
      new TypeError('ciphertext must be a Uint8Array, got a string: decode Base64 text to bytes first'),
    )
    await expect(encrypt(plaintext, { keyring, frameLength: '7' as unknown as number })).rejects.toThrow(
      new TypeError('frameLength must be a whole number, got a string'),
    )
  })
})

describe('each option of encryption changes what it says', () => {
  const header = async (options: Partial<EncryptOptions>) => (await encrypt(plaintext, { keyring, ...options })).header

  it('algorithmSuite, by id, by name and in hexadecimal', async () => {
    for (const { id, name, committing } of algorithmSuites) {
      const commitmentPolicy = committing ? 'require-encrypt-allow-decrypt' : 'forbid-encrypt-allow-decrypt'
      const hex = id.toString(16).padStart(4, '0')
      for (const algorithmSuite of [id, name, hex, `0x${hex}`]) {
        expect((await header({ algorithmSuite, commitmentPolicy })).suite.id).toBe(id)
      }
    }
  })

  it('frameLength, which is 4096 by default', async () => {
    expect((await header({})).frameLength).toBe(4096)
    expect((await header({ frameLength: 7 })).frameLength).toBe(7)
    expect((await header({ frameLength: 2 ** 32 - 1 })).frameLength).toBe(2 ** 32 - 1)
  })

  it('commitmentPolicy, which decides the default suite', async () => {
    expect((await header({})).suite.id).toBe(0x0578)
    expect((await header({ commitmentPolicy: 'require-encrypt-allow-decrypt' })).suite.id).toBe(0x0578)
    expect((await header({ commitmentPolicy: 'forbid-encrypt-allow-decrypt' })).suite.id).toBe(0x0378)
  })

  it('engine', async () => {
    let asked = 0
    const engine = {
      ...nobleEngine,
      random: (length: number) => {
        asked++
        return nobleEngine.random(length)
      },
    }
    await header({ engine, algorithmSuite: 0x0478 })
    expect(asked).toBe(1)
  })

  it('cache', async () => {
    const cache = fixedCache()
    const first = await encrypt(plaintext, { keyring, cache })
    const second = await encrypt(plaintext, { keyring, cache })
    expect([first.dataKeyCached, second.dataKeyCached]).toEqual([false, true])
    expect(second.header.encryptedDataKeys).toEqual(first.header.encryptedDataKeys)
    expect(second.header.messageId).not.toEqual(first.header.messageId)
    const opened = await decrypt(second.ciphertext, { keyring, cache })
    const again = await decrypt(first.ciphertext, { keyring, cache })
    expect([opened.dataKeyCached, again.dataKeyCached]).toEqual([false, true])
    expect(again.plaintext).toEqual(plaintext)
  })
})
