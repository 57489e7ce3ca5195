import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aesGcmConformance } from '../src/conformance/aes-gcm.ts'
import { framesConformance } from '../src/conformance/frames.ts'

const bytes = (length: number, start = 1) => Uint8Array.from({ length: length + 3 }, (_, i) => start + i).subarray(3)

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('the web engine where WebCrypto has no AES-192, as in Chromium', () => {
  const importKey = webcrypto.subtle.importKey.bind(webcrypto.subtle)
  const withoutAes192 = {
    ...webEngine,
    aesGcm: async (key: Uint8Array) => {
      const refusing = async (format: 'raw', data: Uint8Array, ...rest: [string, boolean, KeyUsage[]]) => {
        if (data.length === 24) throw new DOMException('192-bit AES keys are not supported', 'OperationError')
        return importKey(format, data, ...rest)
      }
      vi.spyOn(crypto.subtle, 'importKey').mockImplementation(refusing as typeof crypto.subtle.importKey)
      return webEngine.aesGcm(key)
    },
  }
  aesGcmConformance(withoutAes192, { describe, it, expect })
  framesConformance(withoutAes192, { describe, it, expect })
})

describe('frames of the web engine', () => {
  it('are sealed and opened several at a time, and never all of a large batch', async () => {
    let [running, most] = [0, 0]
    for (const operation of ['encrypt', 'decrypt'] as const) {
      const original = crypto.subtle[operation].bind(crypto.subtle)
      vi.spyOn(crypto.subtle, operation).mockImplementation(async (...parameters) => {
        running++
        most = Math.max(most, running)
        const answer = await original(...parameters)
        running--
        return answer
      })
    }
    const gcm = await webEngine.aesGcm(bytes(32))
    const batch = {
      count: 200,
      contentLength: 10,
      records: new Uint8Array(200 * 40),
      recordStride: 40,
      ivOffset: 0,
      contentOffset: 12,
      plaintext: new Uint8Array(2000),
      aad: new Uint8Array(8),
      aadCounterOffset: 0,
      firstCounter: 0,
    }
    await gcm.sealFrames(batch)
    expect(await gcm.openFrames(batch)).toBe(200)
    expect(most).toBeGreaterThan(4)
    expect(most).toBeLessThan(100)
  })
})

describe('keys of the platform', () => {
  const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }

  it('takes RSA CryptoKeys; those that are not extractable with the hash they were made for', async () => {
    const pair = await webcrypto.subtle.generateKey(OAEP, false, ['encrypt', 'decrypt'])
    const encrypter = await webEngine.importRsaPublicKey(pair.publicKey)
    const decrypter = await webEngine.importRsaPrivateKey(pair.privateKey)
    const opened = await decrypter.decrypt('oaep-sha256', await encrypter.encrypt('oaep-sha256', bytes(20)))
    expect(opened).toEqual(Uint8Array.from(bytes(20)))
    await expect(decrypter.decrypt('oaep-sha1', new Uint8Array(256))).rejects.toThrow(TypeError)
    expect((await encrypter.encrypt('oaep-sha1', bytes(20))).length).toBe(256)
    await expect(webEngine.importRsaPublicKey(pair.privateKey)).rejects.toThrow(TypeError)
    await expect(webEngine.importRsaPrivateKey(pair.publicKey)).rejects.toThrow(TypeError)
  })

  it('refuses RSA CryptoKeys that are made for something else', async () => {
    const wrapOnly = await webcrypto.subtle.generateKey(OAEP, false, ['wrapKey', 'unwrapKey'])
    const signing = await webcrypto.subtle.generateKey({ ...OAEP, name: 'RSASSA-PKCS1-v1_5' }, false, [
      'sign',
      'verify',
    ])
    await expect(webEngine.importRsaPrivateKey(wrapOnly.privateKey)).rejects.toThrow(/usage decrypt/)
    await expect(webEngine.importRsaPrivateKey(signing.privateKey)).rejects.toThrow(TypeError)
  })

  it('says that PKCS #1 PEM has to be converted', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    await expect(webEngine.importRsaPrivateKey(pem)).rejects.toThrow(/PKCS #8/)
  })

  it('takes extractable ECDH CryptoKeys, and says why it does not take others', async () => {
    const algorithm = { name: 'ECDH', namedCurve: 'P-384' }
    const pair = await webcrypto.subtle.generateKey(algorithm, true, ['deriveBits'])
    const key = await webEngine.importAgreementKey('p384', pair.privateKey)
    expect(await webEngine.importAgreementPublicKey('p384', pair.publicKey)).toEqual(key.publicKey)
    await expect(webEngine.importAgreementKey('p256', pair.privateKey)).rejects.toThrow(TypeError)
    const hidden = await webcrypto.subtle.generateKey(algorithm, false, ['deriveBits'])
    await expect(webEngine.importAgreementKey('p384', hidden.privateKey)).rejects.toThrow(/extractable/)
    expect(() => nobleEngine.importAgreementKey('p384', pair.privateKey)).toThrow(TypeError)
  })
})

describe('runtimes that lack something', () => {
  it('are told what the web engine misses', async () => {
    vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) })
    await expect(webEngine.aesGcm(bytes(32))).rejects.toThrow(/@bongtu\/crypto\/noble/)
  })

  it('get everything but RSA from the noble engine without crypto.subtle', async () => {
    vi.stubGlobal('crypto', { getRandomValues: webcrypto.getRandomValues.bind(webcrypto) })
    const key = await nobleEngine.generateSigningKey('p256')
    expect((await key.signer().sign())[0]).toBe(0x30)
  })

  it('are refused random bytes where there is no secure generator', () => {
    vi.stubGlobal('crypto', undefined)
    expect(() => nobleEngine.random(16)).toThrow(/getRandomValues/)
    expect(() => webEngine.random(16)).toThrow(/getRandomValues/)
  })
})
