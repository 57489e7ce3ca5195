import { nobleEngine } from '@bongtu/crypto/noble'
import { describe, expect, it } from 'vitest'
import { decryptOptionNames, partialDecryptOptionNames } from '../../src/decrypt-options.ts'
import { encryptOptionNames } from '../../src/encrypt-options.ts'
import { type DecryptOptions, decrypt, type EncryptOptions, encrypt, openRange } from '../../src/index.ts'
import { inspect, inspectOptionNames } from '../../src/inspect.ts'
import { numbered } from '../support/bytes.ts'
import { craft } from '../support/craft.ts'
import { coreDriver } from '../support/drivers.ts'
import { codeOf, rejection, rejectionCode } from '../support/errors.ts'
import { fixedCache } from '../support/fixed-cache.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(100)
const aborted = AbortSignal.abort(new Error('enough'))
const encryptionContext = { a: '1' }

/** What comes of a call, in words: so that two outcomes can be told apart. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  const shown = (value: unknown): string =>
    JSON.stringify(value, (key, each: unknown) => (key === 'messageId' || each instanceof Uint8Array ? '' : each))
  return work.then(shown, (error: unknown) => codeOf(error))
}

/** For each option a value, and options beside it, with which the outcome is not the same as without. */
const encryptCases: Readonly<Record<string, { value: unknown; beside?: Partial<EncryptOptions> }>> = {
  keyring: { value: toyKeyring({ copies: 2 }) },
  encryptionContext: { value: encryptionContext },
  requiredEncryptionContextKeys: { value: ['a'], beside: { encryptionContext } },
  algorithmSuite: { value: 0x0478 },
  frameLength: { value: 50 },
  commitmentPolicy: { value: 'forbid-encrypt-allow-decrypt' },
  maxEncryptedDataKeys: { value: 1, beside: { keyring: toyKeyring({ copies: 2 }) } },
  plaintextLength: { value: 99 },
  cache: {
    value: { forEncryption: () => Promise.reject(aborted.reason), forDecryption: () => Promise.reject(aborted.reason) },
  },
  engine: { value: { ...nobleEngine, random: () => new Uint8Array(3) } },
  signal: { value: aborted },
}

const signed = (await encrypt(plaintext, { keyring, encryptionContext })).ciphertext
const net400 = craft({ suite: 0x0478, plaintext, net400: true })

const decryptCases: Readonly<
  Record<string, { value: unknown; beside?: Partial<DecryptOptions>; message?: Uint8Array }>
> = {
  keyring: { value: toyKeyring({ name: 'another' }) },
  encryptionContext: { value: { a: '2' } },
  commitmentPolicy: {
    value: 'require-encrypt-allow-decrypt',
    message: (await encrypt(plaintext, { keyring, commitmentPolicy: 'forbid-encrypt-allow-decrypt' })).ciphertext,
  },
  maxEncryptedDataKeys: {
    value: 1,
    message: (await encrypt(plaintext, { keyring: toyKeyring({ copies: 2 }) })).ciphertext,
  },
  maxHeaderLength: { value: 100 },
  maxFrameLength: { value: 99 },
  maxPlaintextLength: { value: 99 },
  unverified: { value: 'refuse' },
  allowNet400Messages: { value: true, beside: { keyring: net400.keyring }, message: net400.message },
  cache: { value: fixedCache((kept) => ({ ...kept, dataKey: new Uint8Array(32) })) },
  engine: { value: { ...nobleEngine, equal: () => false } },
  signal: { value: aborted },
}

const inspectCases: Readonly<Record<string, { value: unknown; message?: Uint8Array }>> = {
  maxEncryptedDataKeys: { value: 1, message: decryptCases.maxEncryptedDataKeys?.message ?? signed },
  maxHeaderLength: { value: 100 },
  signal: { value: aborted },
}

/** An option that a constructor took and nobody read let any account's key open a message. */
describe('V9: every option has an effect', () => {
  it('and none is missing here', () => {
    expect(Object.keys(encryptCases).sort()).toEqual([...encryptOptionNames].sort())
    expect(Object.keys(decryptCases).sort()).toEqual([...partialDecryptOptionNames].sort())
    expect(Object.keys(inspectCases).sort()).toEqual([...inspectOptionNames].sort())
    expect([...decryptOptionNames, 'unverified'].sort()).toEqual([...partialDecryptOptionNames].sort())
  })

  for (const [option, { value, beside }] of Object.entries(encryptCases)) {
    it(`${option}, on encryption`, async () => {
      const run = async (options: EncryptOptions): Promise<unknown> => {
        const { released, error } = await coreDriver.encrypt([plaintext], options)
        if (error !== undefined) throw error
        return { length: released.length, header: (await inspect(released)).header }
      }
      const without = await outcomeOf(run({ keyring, ...beside }))
      expect(await outcomeOf(run({ keyring, ...beside, [option]: value }))).not.toBe(without)
    })
  }

  for (const [option, { value, beside, message = signed }] of Object.entries(decryptCases)) {
    it(`${option}, on decryption`, async () => {
      const run = async (options: DecryptOptions): Promise<unknown> => {
        const { released, error } = await coreDriver.decrypt([message], options)
        if (error !== undefined) throw error
        return released.length
      }
      const without = await outcomeOf(run({ keyring, ...beside }))
      expect(await outcomeOf(run({ keyring, ...beside, [option]: value }))).not.toBe(without)
    })
  }

  for (const [option, { value, beside, message = signed }] of Object.entries(decryptCases)) {
    it(`${option}, on ranges`, async () => {
      const run = async (options: DecryptOptions): Promise<unknown> =>
        (await openRange(message, options)).plaintextLength
      const common = { keyring, unverified: 'release', ...beside } as const
      const without = await outcomeOf(run(common))
      expect(await outcomeOf(run({ ...common, [option]: value }))).not.toBe(without)
    })
  }

  for (const [option, { value, message = signed }] of Object.entries(inspectCases)) {
    it(`${option}, on inspection`, async () => {
      const without = await outcomeOf(inspect(message))
      expect(await outcomeOf(inspect(message, { [option]: value }))).not.toBe(without)
    })
  }
})

/** V11, CVE-2023-4680: Vault took nonces from its callers. */
it('V11: nothing that must be unique can be chosen from outside', async () => {
  for (const name of ['iv', 'nonce', 'messageId', 'dataKey', 'random', 'sequence']) {
    const options = { keyring, [name]: numbered(32) }
    expect(await rejectionCode(encrypt(plaintext, options as EncryptOptions))).toBe('TypeError')
    expect(await rejection(decrypt(signed, options as DecryptOptions))).toBeInstanceOf(TypeError)
  }
})
