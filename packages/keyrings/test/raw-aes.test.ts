import { createCipheriv, createDecipheriv } from 'node:crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { type RawAesOptions, rawAes } from '@bongtu/keyrings/raw-aes'
import { BongtuError, type EncryptedDataKey, encodeEncryptionContext } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { rawAesWithLimit } from '../src/raw-aes/keyring.ts'
import { MAX_WRAPS } from '../src/raw-aes/wrap-limit.ts'
import { ask, CONTEXT, SUITE, SUITE_128, wrapOne } from './asking.ts'
import { countingKey, offsetView } from './keys.ts'

const key = countingKey(32)
const options: RawAesOptions = { namespace: 'vaults', name: 'vault-1', key }
const NOT_AUTHENTIC = 'did not authenticate under this key and encryption context'

const uint32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
const keyInfo = (name: string, tagBits: number, ivLength: number, iv: Uint8Array): Uint8Array =>
  offsetView(Uint8Array.of(...new TextEncoder().encode(name), ...uint32(tagBits), ...uint32(ivLength), ...iv))

/** An encrypted data key made without the keyring, from the published layout. */
function foreign(fields: {
  tagBits?: number
  tagLength?: number
  ivLength?: number
  name?: string
  dataKey?: Uint8Array
}) {
  const { tagBits = 128, tagLength = 16, ivLength = 12, name = 'vault-1', dataKey = countingKey(32, 50) } = fields
  const iv = countingKey(ivLength, 200)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength })
  cipher.setAAD(encodeEncryptionContext(CONTEXT))
  const sealed = Uint8Array.of(...cipher.update(dataKey), ...cipher.final(), ...cipher.getAuthTag())
  return { providerId: 'vaults', keyInfo: keyInfo(name, tagBits, ivLength, iv), ciphertext: offsetView(sealed) }
}

describe('rawAes, its encrypted data keys', () => {
  it('are provider id, name with tag bits, IV length and IV, and the sealed data key with its tag', async () => {
    const { own, dataKey } = await wrapOne(rawAes(options))
    const iv = own.keyInfo.subarray(-12)
    expect(own.providerId).toBe('vaults')
    expect([...own.keyInfo]).toEqual([...keyInfo('vault-1', 128, 12, iv)])
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(own.ciphertext.subarray(-16))
    decipher.setAAD(encodeEncryptionContext(CONTEXT))
    const opened = Buffer.concat([decipher.update(own.ciphertext.subarray(0, -16)), decipher.final()])
    expect([...opened]).toEqual([...dataKey])
  })

  it('open where another program made them after the published layout', async () => {
    const made = foreign({})
    expect((await ask(rawAes(options), [made])).opened?.dataKey).toEqual(new Uint8Array(countingKey(32, 50)))
  })

  it('have a fresh initialisation vector each', async () => {
    const keyring = rawAes(options)
    const ivs = await Promise.all(
      Array.from({ length: 50 }, async () => Buffer.from((await wrapOne(keyring)).own.keyInfo).toString('hex')),
    )
    expect(new Set(ivs).size).toBe(50)
  })

  it('name the key in UTF-8', async () => {
    const named = rawAes({ ...options, namespace: '금고', name: '열쇠🔑' })
    const { own, dataKey } = await wrapOne(named)
    expect(own.providerId).toBe('금고')
    expect(new TextDecoder().decode(own.keyInfo.subarray(0, -20))).toBe('열쇠🔑')
    expect((await ask(named, [own])).opened?.dataKey).toEqual(dataKey)
  })
})

describe('rawAes, what it passes over', () => {
  const reasonFor = async (encryptedDataKey: EncryptedDataKey, suite = SUITE) => {
    const { opened, reasons } = await ask(rawAes(options), [encryptedDataKey], suite)
    expect(opened).toBeNull()
    expect(reasons).toHaveLength(1)
    return reasons[0]
  }

  it('says what is foreign, and how', async () => {
    expect(await reasonFor({ ...foreign({}), providerId: 'vault' })).toBe('other provider id')
    expect(await reasonFor({ ...foreign({}), providerId: 'vaults2' })).toBe('other provider id')
    expect(await reasonFor(foreign({ name: 'vault-2' }))).toBe('other key name')
    expect(await reasonFor({ ...foreign({}), keyInfo: new Uint8Array(0) })).toBe('other key name')
    expect(await reasonFor({ ...foreign({}), keyInfo: new TextEncoder().encode('vault-1') })).toBe('other key name')
  })

  it('does not claim vault-10 as vault-1, nor vault-1 as vault-10', async () => {
    const ten = rawAes({ ...options, name: 'vault-10' })
    expect(await reasonFor((await wrapOne(ten)).own)).toBe('other key name')
    const { opened, reasons } = await ask(ten, [(await wrapOne(rawAes(options))).own])
    expect([opened, reasons]).toEqual([null, ['other key name']])
  })

  it('refuses other tag and IV lengths, even where they authenticate', async () => {
    expect(await reasonFor(foreign({ tagBits: 96, tagLength: 12 }))).toBe('tag length of 96 bits instead of 128')
    expect(await reasonFor(foreign({ tagBits: 16 }))).toBe('tag length of 16 bits instead of 128')
    expect(await reasonFor(foreign({ ivLength: 16 }))).toBe('initialisation vector length of 16 bytes instead of 12')
  })

  it('refuses a shortened tag under an honest key info', async () => {
    expect(await reasonFor(foreign({ tagLength: 12 }))).toBe(NOT_AUTHENTIC)
    expect(await reasonFor({ ...foreign({}), ciphertext: new Uint8Array(15) })).toBe(NOT_AUTHENTIC)
  })

  it('refuses a data key of another length than the suite takes', async () => {
    expect(await reasonFor(foreign({ dataKey: countingKey(16) }))).toBe(
      'holds a data key of 16 bytes, and the suite takes 32',
    )
    expect(await reasonFor(foreign({}), SUITE_128)).toBe('holds a data key of 32 bytes, and the suite takes 16')
    expect(await reasonFor(foreign({ dataKey: new Uint8Array(0) }))).toBe(
      'holds a data key of 0 bytes, and the suite takes 32',
    )
  })

  it('zeroes a data key of another length than the suite takes', async () => {
    const cipher = nodeEngine.aesGcm(key)
    const opened: (Uint8Array | null)[] = []
    const open: typeof cipher.open = (...fields) => {
      const dataKey = cipher.open(...fields)
      opened.push(dataKey)
      return dataKey
    }
    const engine = { ...nodeEngine, aesGcm: () => ({ ...cipher, open }) }
    await ask(rawAes({ ...options, engine }), [foreign({})], SUITE_128)
    expect(opened).toEqual([new Uint8Array(32)])
  })

  it('opens the first that opens, and reports each one before it', async () => {
    const good = foreign({})
    const bad = { ...good, ciphertext: good.ciphertext.toReversed() }
    const later = foreign({ dataKey: countingKey(32, 90) })
    const { opened, reports } = await ask(rawAes(options), [{ ...good, providerId: 'x' }, bad, good, later])
    expect(opened?.encryptedDataKey).toBe(good)
    expect(reports.map(({ reason }) => reason)).toEqual(['other provider id', NOT_AUTHENTIC])
  })

  it('reports a failure of the engine with its cause, and goes on', async () => {
    const cause = new Error('out of order')
    let calls = 0
    const open: typeof cipher.open = (...fields) => {
      calls++
      if (calls === 1) throw cause
      return cipher.open(...fields)
    }
    const cipher = nodeEngine.aesGcm(key)
    const engine = { ...nodeEngine, aesGcm: () => ({ ...cipher, open }) }
    const { opened, reports } = await ask(rawAes({ ...options, engine }), [foreign({}), foreign({})])
    expect(opened).not.toBeNull()
    expect(reports).toMatchObject([{ reason: 'failed: out of order', cause }])
  })

  it('stops between two of them when the signal is aborted', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const unwrapping = rawAes(options).unwrapDataKey({
      suite: SUITE,
      encryptionContext: CONTEXT,
      encryptedDataKeys: [{ ...foreign({}), providerId: 'x' }, foreign({})],
      passedOver: () => controller.abort(reason),
      signal: controller.signal,
    })
    await expect(unwrapping).rejects.toBe(reason)
  })
})

describe('rawAes, its options', () => {
  const refused = (changes: object): unknown => {
    try {
      return rawAes({ ...options, ...changes })
    } catch (error) {
      return error
    }
  }

  it.each([15, 17, 31, 33, 0])('refuses a key of %i bytes', (length) => {
    expect(refused({ key: new Uint8Array(length) })).toBeInstanceOf(RangeError)
  })

  it.each([[undefined], [''], ['k'.repeat(32)], [new ArrayBuffer(32)], [Array(32).fill(1)]])(
    'refuses a key that is no Uint8Array',
    (value) => {
      expect(refused({ key: value })).toBeInstanceOf(TypeError)
    },
  )

  it.each(['aws-kms', 'aws-kms-hierarchy', 'aws-kmsx', ''])('refuses the namespace %j', (namespace) => {
    expect(refused({ namespace })).toBeInstanceOf(RangeError)
  })

  it('takes namespaces that merely hold aws-kms', () => {
    expect(rawAes({ ...options, namespace: 'my-aws-kms' }).name).toBe('raw-aes:my-aws-kms/vault-1')
  })

  it.each(['namespace', 'name'])('refuses a %s that is no text, empty, half a surrogate pair or too long', (field) => {
    expect(refused({ [field]: undefined })).toBeInstanceOf(TypeError)
    expect(refused({ [field]: 7 })).toBeInstanceOf(TypeError)
    for (const text of ['', 'a\ud800', '\udc00b', 'é'.repeat(0x8000)]) {
      expect(refused({ [field]: text })).toBeInstanceOf(RangeError)
    }
  })

  it('takes the longest name that leaves room for the rest of the key info, and no longer', async () => {
    const { own } = await wrapOne(rawAes({ ...options, name: 'n'.repeat(0xffff - 20) }))
    expect(own.keyInfo.length).toBe(0xffff)
    expect(refused({ name: 'n'.repeat(0xffff - 19) })).toBeInstanceOf(RangeError)
  })

  it('refuses unknown options by name, and what is no object', () => {
    expect(refused({ keyLength: 32, legacyContextOrder: true })).toMatchObject({
      name: 'TypeError',
      message: expect.stringMatching(/keyLength, legacyContextOrder.*legacyJsContextOrder/),
    })
    expect(() => rawAes(undefined as never)).toThrow(TypeError)
    expect(refused({ legacyJsContextOrder: 'yes' })).toBeInstanceOf(TypeError)
  })

  it('copies the key: the caller may zero its own at once', async () => {
    const own = countingKey(32)
    const keyring = rawAes({ ...options, key: own })
    own.fill(0)
    expect((await ask(keyring, [foreign({})])).opened).not.toBeNull()
  })

  it('runs on the engine that it is given', async () => {
    const asked: string[] = []
    const engine = {
      ...nodeEngine,
      random: (length: number) => {
        asked.push(`random ${length}`)
        return nodeEngine.random(length)
      },
      aesGcm: (bytes: Uint8Array) => {
        asked.push(`aesGcm ${bytes.length}`)
        return nodeEngine.aesGcm(bytes)
      },
    }
    await wrapOne(rawAes({ ...options, engine }))
    expect(asked).toEqual(['aesGcm 32', 'random 32', 'random 12'])
  })

  it('gives a frozen keyring that holds nothing but its name and two functions', () => {
    const keyring = rawAes(options)
    expect(Object.isFrozen(keyring)).toBe(true)
    expect(JSON.stringify(keyring)).toBe('{"name":"raw-aes:vaults/vault-1"}')
  })
})

describe('rawAes, wrapping', () => {
  it('refuses a given data key of another length than the suite takes', async () => {
    const wrapping = rawAes(options).wrapDataKey({
      suite: SUITE,
      encryptionContext: CONTEXT,
      dataKey: new Uint8Array(16),
    })
    await expect(wrapping).rejects.toThrow(RangeError)
  })

  it('wraps 2^32 data keys at most, as SP 800-38D allows with random initialisation vectors', () => {
    expect(MAX_WRAPS).toBe(4_294_967_296)
  })

  it('refuses with ERR_LIMIT once its wraps are used up, and still opens', async () => {
    const keyring = rawAesWithLimit(options, 2)
    await wrapOne(keyring)
    const { own } = await wrapOne(keyring)
    await expect(wrapOne(keyring)).rejects.toSatisfy((error) => BongtuError.is(error, 'ERR_LIMIT'))
    await expect(wrapOne(keyring)).rejects.toThrow(/raw-aes:vaults\/vault-1 has wrapped 2 data keys/)
    expect((await ask(keyring, [own])).opened).not.toBeNull()
  })

  it('zeroes the data key that it generated where it could not wrap it', async () => {
    const handedOut: Uint8Array[] = []
    const engine = {
      ...nodeEngine,
      random: (length: number) => {
        const bytes = nodeEngine.random(length)
        handedOut.push(bytes)
        return bytes
      },
    }
    await expect(wrapOne(rawAesWithLimit({ ...options, engine }, 0))).rejects.toThrow()
    expect(handedOut).toEqual([new Uint8Array(32)])
  })

  it('leaves a given data key as it is where it could not wrap it', async () => {
    const dataKey = countingKey(32)
    await expect(wrapOne(rawAesWithLimit(options, 0), dataKey)).rejects.toThrow()
    expect(dataKey).toEqual(countingKey(32))
  })
})
