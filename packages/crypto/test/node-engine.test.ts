import { constants, generateKeyPairSync, type KeyObject, privateDecrypt, webcrypto } from 'node:crypto'
import { inspect } from 'node:util'
import { defaultEngine } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { describe, expect, it } from 'vitest'

const bytes = (length: number, start = 1) => Uint8Array.from({ length: length + 3 }, (_, i) => start + i).subarray(3)

describe('the node engine', () => {
  it('is the default where the node condition resolves', () => {
    expect(defaultEngine).toBe(nodeEngine)
  })

  it('answers at once, without promises, on everything but P-384 key pairs that ran out', () => {
    const gcm = nodeEngine.aesGcm(bytes(32))
    const agreement = nodeEngine.generateAgreementKey('p256')
    const answers = [
      gcm.seal(bytes(12), bytes(5), bytes(3)),
      gcm.open(bytes(12), bytes(40), bytes(3)),
      nodeEngine.hash('sha256', bytes(1)),
      nodeEngine.hmac('sha256', bytes(1), bytes(1)),
      nodeEngine.hkdf('sha256', bytes(1), bytes(1), [{ info: bytes(1), length: 1 }]),
      nodeEngine.counterKdf('sha256', bytes(1), bytes(1), 1),
      nodeEngine.generateSigningKey('p256'),
      agreement.agree(agreement.publicKey),
    ]
    for (const answer of answers) expect(answer).not.toBeInstanceOf(Promise)
  })

  it('serves a burst of signing keys, all different and all good', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const key = await nodeEngine.generateSigningKey('p384')
      seen.add(key.publicKey.toString())
      const signer = key.signer()
      signer.update(bytes(10, i))
      const verifier = nodeEngine.verifier('p384', key.publicKey)
      verifier.update(bytes(10, i))
      expect(verifier.verify(signer.sign())).toBe(true)
    }
    expect(seen.size).toBe(60)
  })

  it('serves signing keys that are asked for all at once, each only once', async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, async () => nodeEngine.generateSigningKey('p384')))
    expect(new Set(keys.map((key) => key.publicKey.toString())).size).toBe(40)
  })

  it('shows no private half to util.inspect', async () => {
    const keys = [await nodeEngine.generateSigningKey('p384'), nodeEngine.generateAgreementKey('p384')]
    for (const key of keys) {
      const shown = inspect(key, { depth: 9, showHidden: true, getters: true })
      expect(shown).not.toMatch(/private|PrivateKeyObject|KeyObject/)
    }
  })

  it('seals frames longer and shorter than what it gives back at once', () => {
    const gcm = nodeEngine.aesGcm(bytes(32))
    for (const contentLength of [4095, 4096, 65_536, 262_144, 262_145]) {
      const count = 3
      const batch = {
        count,
        contentLength,
        records: nodeEngine.random(count * (contentLength + 32)),
        recordStride: contentLength + 32,
        ivOffset: 4,
        contentOffset: 16,
        plaintext: nodeEngine.random(count * contentLength),
        aad: bytes(40),
        aadCounterOffset: 20,
        firstCounter: 1,
      }
      gcm.sealFrames(batch)
      const opened = { ...batch, plaintext: new Uint8Array(count * contentLength) }
      expect(gcm.openFrames(opened)).toBe(count)
      expect(nodeEngine.equal(opened.plaintext, batch.plaintext)).toBe(true)
    }
  })
})

describe('keys of the platform', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const opens = (
    publicKey: KeyObject | webcrypto.CryptoKey | string,
    privateKey: KeyObject | webcrypto.CryptoKey | string,
  ) =>
    nodeEngine
      .importRsaPrivateKey(privateKey)
      .decrypt('oaep-sha384', nodeEngine.importRsaPublicKey(publicKey).encrypt('oaep-sha384', bytes(32)))

  it('takes RSA KeyObjects', () => {
    expect(opens(rsa.publicKey, rsa.privateKey)).toEqual(Uint8Array.from(bytes(32)))
  })

  it('takes RSA CryptoKeys, whatever hash they were made for', async () => {
    const algorithm = { name: 'RSA-OAEP', hash: 'SHA-1', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
    const pair = await webcrypto.subtle.generateKey(algorithm, true, ['encrypt', 'decrypt'])
    expect(opens(pair.publicKey, pair.privateKey)).toEqual(Uint8Array.from(bytes(32)))
  })

  it('takes PKCS #1 PEM', () => {
    const [publicKey, privateKey] = [rsa.publicKey, rsa.privateKey].map((key) =>
      key.export({ type: 'pkcs1', format: 'pem' }).toString(),
    )
    expect(opens(publicKey ?? '', privateKey ?? '')).toEqual(Uint8Array.from(bytes(32)))
  })

  it('refuses the other half, other kinds and encrypted PEM', () => {
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
    const ed25519 = generateKeyPairSync('ed25519')
    const encrypted = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    const traditional = rsa.privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    for (const key of [rsa.privateKey, pss.publicKey, ed25519.publicKey]) {
      expect(() => nodeEngine.importRsaPublicKey(key)).toThrow(TypeError)
    }
    for (const key of [
      rsa.publicKey,
      pss.privateKey,
      ed25519.privateKey,
      encrypted.toString(),
      traditional.toString(),
    ]) {
      expect(() => nodeEngine.importRsaPrivateKey(key)).toThrow(TypeError)
    }
  })

  it('takes EC KeyObjects and CryptoKeys of the right curve', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const imported = nodeEngine.importAgreementKey('p384', privateKey)
    expect(nodeEngine.importAgreementPublicKey('p384', publicKey)).toEqual(imported.publicKey)
    expect(() => nodeEngine.importAgreementKey('p256', privateKey)).toThrow(TypeError)
    expect(() => nodeEngine.importAgreementPublicKey('p384', privateKey)).toThrow(TypeError)
    const pair = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-521' }, true, ['deriveBits'])
    const point = nodeEngine.importAgreementKey('p521', pair.privateKey).publicKey
    expect(nodeEngine.importAgreementPublicKey('p521', pair.publicKey)).toEqual(point)
  })

  it('says why it does not take CryptoKeys that are not extractable', async () => {
    const pair = await webcrypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
    expect(() => nodeEngine.importAgreementKey('p256', pair.privateKey)).toThrow(/extractable/)
    expect(() => nodeEngine.importRsaPrivateKey(pair.privateKey)).toThrow(/extractable/)
  })
})

describe('RSA with PKCS #1 v1.5 padding', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const sealed = nodeEngine.importRsaPublicKey(publicKey).encrypt('pkcs1', bytes(32))

  it('is listed for decryption exactly where this Node does it', () => {
    let does = true
    try {
      privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, sealed)
    } catch {
      does = false
    }
    expect(nodeEngine.rsaDecryptPaddings.includes('pkcs1')).toBe(does)
  })

  it('is decrypted, or refused with what to do', () => {
    const key = nodeEngine.importRsaPrivateKey(privateKey)
    if (nodeEngine.rsaDecryptPaddings.includes('pkcs1')) {
      expect(key.decrypt('pkcs1', sealed)).toEqual(Uint8Array.from(bytes(32)))
    } else {
      expect(() => key.decrypt('pkcs1', sealed)).toThrow(/CVE-2023-46809.*OAEP/)
    }
  })
})
