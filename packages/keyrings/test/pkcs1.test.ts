import { decrypt, encrypt } from '@bongtu/client'
import { nodeEngine } from '@bongtu/crypto/node'
import { type RawRsaOptions, rawRsa } from '@bongtu/keyrings/raw-rsa'
import { BongtuError, type EncryptedDataKey } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { ask, SUITE_128, wrapOne } from './asking.ts'
import { rsaPair } from './keys.ts'
import { pkcs1Engine, synthetic } from './pkcs1-engine.ts'

const pair = rsaPair()
const other = rsaPair()
const options: RawRsaOptions = { namespace: 'vaults', name: 'vault-1', padding: 'pkcs1', ...pair }
const { privateKey: _, ...publicOptions } = options
const writer = rawRsa(publicOptions)

/** Ciphertexts that no padding comes out of, and whose implicit rejection does not happen to have 32 bytes. */
function broken(own: EncryptedDataKey, seed: number): EncryptedDataKey {
  const ciphertext = own.ciphertext.map((byte, at) => (at === 0 ? 0 : byte ^ seed))
  return synthetic(ciphertext, 256).length === 32 ? broken(own, seed + 1) : { ...own, ciphertext }
}

describe.each(['implicit', 'explicit'] as const)(
  'rawRsa with pkcs1 where the platform rejects by %s means',
  (rejection) => {
    const reader = rawRsa({ ...options, engine: pkcs1Engine(rejection) })

    it('is refused with two keys that are not a pair, whatever a wrong key decrypts to', () => {
      const make = () => rawRsa({ ...options, privateKey: other.privateKey, engine: pkcs1Engine(rejection) })
      expect(make).toThrow(/not a pair/)
      expect(make).toThrow(TypeError)
    })

    it('opens what was wrapped for it', async () => {
      const { own, dataKey } = await wrapOne(writer)
      expect(await ask(reader, [own])).toMatchObject({ opened: { dataKey, encryptedDataKey: own }, reports: [] })
    })

    it('answers a random data key of the right length where the padding is wrong, another each time', async () => {
      const { own, dataKey } = await wrapOne(writer)
      const wrong = broken(own, 1)
      const answers = [await ask(reader, [wrong]), await ask(reader, [wrong])]
      for (const { opened, reports } of answers) {
        expect(opened?.encryptedDataKey).toBe(wrong)
        expect(opened?.dataKey).toHaveLength(32)
        expect(opened?.dataKey).not.toEqual(dataKey)
        expect(reports).toEqual([])
      }
      expect(answers[0]?.opened?.dataKey).not.toEqual(answers[1]?.opened?.dataKey)
    })

    it('answers a random data key where the padding is right and the length is not', async () => {
      const { own } = await wrapOne(writer, undefined, SUITE_128)
      const { opened, reports } = await ask(reader, [own])
      expect(opened?.dataKey).toHaveLength(32)
      expect(reports).toEqual([])
    })

    it('zeroes what it does not answer: a data key of another length', async () => {
      const decrypted: (Uint8Array | null)[] = []
      const engine = pkcs1Engine(rejection)
      const importRsaPrivateKey: typeof engine.importRsaPrivateKey = async (input) => {
        const key = await engine.importRsaPrivateKey(input)
        const decrypt: typeof key.decrypt = async (...asked) => {
          const answer = await key.decrypt(...asked)
          decrypted.push(answer)
          return answer
        }
        return { ...key, decrypt }
      }
      const { publicKey: _, ...readerOptions } = options
      const { own } = await wrapOne(writer, undefined, SUITE_128)
      await ask(rawRsa({ ...readerOptions, engine: { ...engine, importRsaPrivateKey } }), [own])
      expect(decrypted).toEqual([new Uint8Array(16)])
    })

    it('lets only the header tag tell: an altered encrypted data key gives ERR_AUTHENTICATION', async () => {
      const { ciphertext, header } = await encrypt(new TextEncoder().encode('text'), { keyring: writer })
      const [own] = header.encryptedDataKeys
      if (own === undefined) throw new Error('no encrypted data key')
      const at = Buffer.from(ciphertext).indexOf(own.ciphertext)
      const altered = ciphertext.slice()
      altered.set(broken(own, 1).ciphertext, at)
      await expect(decrypt(ciphertext, { keyring: reader })).resolves.toBeDefined()
      await expect(decrypt(altered, { keyring: reader })).rejects.toSatisfy((error) =>
        BongtuError.is(error, 'ERR_AUTHENTICATION'),
      )
    })

    it('answers null where no encrypted data key is of its provider, name and modulus', async () => {
      const { own } = await wrapOne(writer)
      const foreign = [
        { ...own, providerId: 'x' },
        { ...own, keyInfo: new TextEncoder().encode('vault-10') },
        { ...own, ciphertext: own.ciphertext.subarray(1) },
      ]
      const { opened, reasons } = await ask(reader, foreign)
      expect(opened).toBeNull()
      expect(reasons).toEqual([
        'other provider id',
        'other key name',
        'ciphertext of 255 bytes, and the modulus of this key has 256',
      ])
    })
  },
)

describe('rawRsa with pkcs1 and several encrypted data keys of its name', () => {
  it('tries all where the platform rejects implicitly, and takes the first of the right length', async () => {
    const { own, dataKey } = await wrapOne(writer)
    const wrong = broken(own, 1)
    const { opened, reports } = await ask(rawRsa({ ...options, engine: pkcs1Engine('implicit') }), [wrong, own])
    expect(opened).toEqual({ dataKey, encryptedDataKey: own })
    expect(reports).toMatchObject([{ encryptedDataKey: wrong, reason: 'did not decrypt to a data key of the suite' }])
  })

  it('answers a random data key where none has the right length', async () => {
    const { own } = await wrapOne(writer)
    const wrong = [broken(own, 1), broken(own, 3)]
    const { opened, reports } = await ask(rawRsa({ ...options, engine: pkcs1Engine('implicit') }), wrong)
    expect(opened?.encryptedDataKey).toBe(wrong[0])
    expect(opened?.dataKey).toHaveLength(32)
    expect(reports).toEqual([])
  })

  it('tries the first alone where the platform tells wrong padding, so that a later one cannot make it an oracle', async () => {
    const { own, dataKey } = await wrapOne(writer)
    const wrong = broken(own, 1)
    const { opened } = await ask(rawRsa({ ...options, engine: pkcs1Engine('explicit') }), [wrong, own])
    expect(opened?.encryptedDataKey).toBe(wrong)
    expect(opened?.dataKey).not.toEqual(dataKey)
    expect((await ask(rawRsa({ ...options, engine: pkcs1Engine('explicit') }), [own, wrong])).opened?.dataKey).toEqual(
      dataKey,
    )
  })
})

describe('rawRsa with pkcs1 where the platform does not decrypt it', () => {
  const engine = { ...nodeEngine, rsaDecryptPaddings: [] }

  it('refuses a private key at construction, and says what to do', () => {
    const make = (): unknown => rawRsa({ ...options, engine })
    expect(make).toThrow(expect.toSatisfy((error) => BongtuError.is(error, 'ERR_UNSUPPORTED')))
    expect(make).toThrow(/CVE-2023-46809.*3\.2 and later.*--security-revert=CVE-2023-46809.*leave privateKey out/)
  })

  it('still encrypts', async () => {
    const { own, dataKey } = await wrapOne(rawRsa({ ...publicOptions, engine }))
    expect((await ask(rawRsa({ ...options, engine: pkcs1Engine('implicit') }), [own])).opened?.dataKey).toEqual(dataKey)
  })
})
