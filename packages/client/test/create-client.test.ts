import { describe, expect, it } from 'vitest'
import { type Client, createClient, decrypt, encrypt } from '../src/index.ts'
import { numbered } from './support/bytes.ts'
import { throughWeb } from './support/drivers.ts'
import { codeOf, rejectionCode, thrown } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(100)

describe('createClient', () => {
  it('binds defaults to every function', async () => {
    const client = createClient({ keyring, frameLength: 10, maxFrameLength: 10 })
    const { ciphertext, header } = await client.encrypt(plaintext)
    expect(header.frameLength).toBe(10)
    expect((await client.decrypt(ciphertext)).plaintext).toEqual(plaintext)
    const streamed = await throughWeb([plaintext], client.encryptStream())
    expect((await throughWeb([streamed.released], client.decryptStream())).released).toEqual(plaintext)
    const range = await client.openRange(ciphertext, { unverified: 'release' })
    expect(await range.read(5, 7)).toEqual(plaintext.subarray(5, 7))
    expect((await client.inspect(ciphertext)).plaintextLength).toBe(100)

    const long = await encrypt(plaintext, { keyring, frameLength: 11 })
    expect(await rejectionCode(client.decrypt(long.ciphertext))).toBe('ERR_LIMIT')
    expect(await rejectionCode(createClient({ maxHeaderLength: 100 }).inspect(ciphertext))).toBe('ERR_LIMIT')
    expect(await rejectionCode(client.openRange(long.ciphertext, { unverified: 'release' }))).toBe('ERR_LIMIT')
    expect(codeOf((await throughWeb([long.ciphertext], client.decryptStream())).error)).toBe('ERR_LIMIT')
  })

  it('lets a call override a default, but not with undefined', async () => {
    const client = createClient({ keyring, maxFrameLength: 10, frameLength: 11 })
    const { ciphertext } = await client.encrypt(plaintext)
    expect((await client.decrypt(ciphertext, { maxFrameLength: 11 })).plaintext).toEqual(plaintext)
    const undefinedLimit = { maxFrameLength: undefined } as never
    expect(await rejectionCode(client.decrypt(ciphertext, undefinedLimit))).toBe('ERR_LIMIT')
  })

  it('reads options that the object has from its class, as the functions themselves do', async () => {
    class Strict {
      readonly keyring = keyring
      get maxPlaintextLength(): number {
        return 1
      }
      get encryptionContext(): Record<string, string> {
        return { tenant: 'acme' }
      }
    }
    class StrictDefaults {
      readonly keyring = keyring
      get maxPlaintextLength(): number {
        return 1
      }
    }
    const { ciphertext } = await encrypt(plaintext, { keyring, encryptionContext: { tenant: 'other' } })
    const client = createClient({ keyring })
    expect(await rejectionCode(decrypt(ciphertext, new Strict()))).toBe('ERR_CONTEXT')
    expect(await rejectionCode(client.decrypt(ciphertext, new Strict()))).toBe('ERR_CONTEXT')
    expect(await rejectionCode(createClient(new StrictDefaults()).decrypt(ciphertext))).toBe('ERR_LIMIT')
  })

  it('works without any default', async () => {
    const client = createClient()
    const { ciphertext } = await client.encrypt(plaintext, { keyring })
    expect((await client.decrypt(ciphertext, { keyring })).plaintext).toEqual(plaintext)
    expect(await rejectionCode(client.encrypt(plaintext))).toBe('TypeError')
  })

  const perCall = { commitmentPolicy: 'forbid-encrypt-allow-decrypt' } as never
  const calls: Readonly<Record<string, (client: Client) => unknown>> = {
    encrypt: (client) => client.encrypt(plaintext, perCall),
    decrypt: (client) => client.decrypt(plaintext, perCall),
    encryptStream: (client) => client.encryptStream(perCall),
    decryptStream: (client) => client.decryptStream(perCall),
    openRange: (client) => client.openRange(plaintext, perCall),
    inspect: (client) => client.inspect(plaintext, perCall),
  }
  for (const [name, call] of Object.entries(calls)) {
    it(`fixes the commitment policy for ${name}, also where it is the default one`, async () => {
      for (const client of [createClient({ keyring }), createClient({ keyring, ...(perCall as object) })]) {
        expect(await rejectionCode((async () => call(client))())).toBe('TypeError')
      }
    })
  }

  it('is frozen, and keeps nothing of the object that it was given', async () => {
    const defaults = { keyring, frameLength: 10, commitmentPolicy: 'require-encrypt-require-decrypt' as string }
    const client = createClient(defaults as never)
    defaults.frameLength = 20
    defaults.commitmentPolicy = 'forbid-encrypt-allow-decrypt'
    const { header } = await client.encrypt(plaintext)
    expect([header.frameLength, header.suite.id]).toEqual([10, 0x0578])
    expect(Object.isFrozen(client)).toBe(true)
  })

  it('refuses wrong defaults when it is made', () => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ frameLength: 0 }, 'RangeError'],
      [{ maxPlaintextLength: -1 }, 'RangeError'],
      [{ keyring: {} }, 'TypeError'],
      [{ unverified: 'maybe' }, 'TypeError'],
      [{ requiredEncryptionContextKeys: 'tenant' }, 'TypeError'],
      [{ algorithmSuite: 0x0178 }, 'ERR_POLICY'],
      [{ encryptionContext: {} }, 'TypeError'],
      [{ signal: new AbortController().signal }, 'TypeError'],
      [{ plaintextLength: 1 }, 'TypeError'],
    ]
    for (const [defaults, code] of wrong) expect(codeOf(thrown(() => createClient(defaults)))).toBe(code)
  })

  it('binds required context keys, which each call fills', async () => {
    const client = createClient({ keyring, requiredEncryptionContextKeys: ['tenant'] })
    expect(await rejectionCode(client.encrypt(plaintext))).toBe('ERR_CONTEXT')
    const { header } = await client.encrypt(plaintext, { encryptionContext: { tenant: 'acme' } })
    expect(Object.keys(header.encryptionContext)).not.toContain('tenant')
  })
})
