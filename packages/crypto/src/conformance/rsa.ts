import type { Engine, KeyInput, RsaPadding } from '../engine.ts'
import { bytes, failure, flipped, hex, isPlain, ramp, view } from './bytes.ts'
import { RSA_CASES } from './cases/rsa.ts'
import { pem } from './ec-encodings.ts'
import { keyBytes, rsaPrivateForms as privateForms, rsaPublicForms as publicForms } from './rsa-encodings.ts'
import type { TestApi } from './test-api.ts'

const MODULUS_LENGTH = 256
const MOST: Readonly<Record<RsaPadding, number>> = {
  'oaep-sha1': 214,
  'oaep-sha256': 190,
  'oaep-sha384': 158,
  'oaep-sha512': 126,
  pkcs1: 245,
}

export function rsaConformance(engine: Engine, api: TestApi): void {
  api.describe('RSA', () => {
    if (engine.rsaEncryptPaddings.length === 0) withoutRsa(engine, api)
    else withRsa(engine, api)
  })
}

function withoutRsa(engine: Engine, { it, expect }: TestApi): void {
  it('is absent: nothing is listed, and importing a key is refused', async () => {
    expect(engine.rsaDecryptPaddings).toEqual([])
    expect(await failure(() => engine.importRsaPublicKey(publicForms().SPKI))).toBe('TypeError')
    expect(await failure(() => engine.importRsaPrivateKey(privateForms()['PKCS #8']))).toBe('TypeError')
  })
}

function withRsa(engine: Engine, api: TestApi): void {
  const { it, expect } = api
  for (const { padding, privateKey, cases } of RSA_CASES) {
    if (!engine.rsaDecryptPaddings.includes(padding)) continue
    for (const { name, ciphertext, plaintext } of cases) {
      it(`${plaintext === null ? 'refuses' : 'decrypts'} ${name} with ${padding}`, async () => {
        const key = await engine.importRsaPrivateKey(keyBytes(privateKey))
        expect(hex(await key.decrypt(padding, bytes(ciphertext)))).toBe(plaintext)
      })
    }
  }

  for (const [form, input] of Object.entries(privateForms())) {
    it(`imports a private key as ${form}`, async () => {
      const key = await engine.importRsaPrivateKey(input)
      const sealed = await (await engine.importRsaPublicKey(publicForms().SPKI)).encrypt('oaep-sha256', ramp(32))
      expect([key.modulusLength, hex(await key.decrypt('oaep-sha256', sealed))]).toEqual([
        MODULUS_LENGTH,
        hex(ramp(32)),
      ])
    })
  }

  for (const [form, input] of Object.entries(publicForms())) {
    it(`imports a public key as ${form}`, async () => {
      const key = await engine.importRsaPublicKey(input)
      const sealed = await key.encrypt('oaep-sha256', ramp(32))
      const opened = await (await engine.importRsaPrivateKey(privateForms()['PKCS #8'])).decrypt('oaep-sha256', sealed)
      expect([key.modulusLength, sealed.length, hex(opened)]).toEqual([MODULUS_LENGTH, MODULUS_LENGTH, hex(ramp(32))])
    })
  }

  for (const padding of engine.rsaEncryptPaddings) paddingConformance(engine, api, padding)
  importRefusals(engine, api)
}

function paddingConformance(engine: Engine, { it, expect }: TestApi, padding: RsaPadding): void {
  it(`encrypts up to the most that ${padding} takes, differently each time, and refuses more`, async () => {
    const key = await engine.importRsaPublicKey(publicForms().SPKI)
    for (const length of [0, 1, MOST[padding]]) {
      const plaintext = ramp(length)
      const [once, again] = [await key.encrypt(padding, plaintext), await key.encrypt(padding, plaintext)]
      expect([once.length, isPlain(once), hex(once) === hex(again)]).toEqual([MODULUS_LENGTH, true, false])
      expect(hex(plaintext)).toBe(hex(ramp(length)))
    }
    expect(await failure(() => key.encrypt(padding, ramp(MOST[padding] + 1)))).toBe('RangeError')
  })

  if (!engine.rsaDecryptPaddings.includes(padding)) {
    it(`says that it does not decrypt with ${padding} rather than answering null`, async () => {
      const key = await engine.importRsaPrivateKey(privateForms()['PKCS #8'])
      expect(await failure(() => key.decrypt(padding, ramp(MODULUS_LENGTH)))).toBe('TypeError')
    })
    return
  }

  it(`opens what it encrypted with ${padding}`, async () => {
    const [encrypter, decrypter] = await pair(engine)
    for (const length of [0, 1, 32, MOST[padding]]) {
      const opened = await decrypter.decrypt(padding, view(await encrypter.encrypt(padding, ramp(length))))
      expect([hex(opened), isPlain(opened)]).toEqual([hex(ramp(length)), true])
    }
  })

  it(`answers null for ciphertexts of another length with ${padding}`, async () => {
    const [encrypter, decrypter] = await pair(engine)
    const sealed = await encrypter.encrypt(padding, ramp(32))
    const others = [new Uint8Array(0), sealed.subarray(1), sealed.subarray(0, -1), Uint8Array.of(0, ...sealed)]
    for (const other of others) expect(await decrypter.decrypt(padding, view(other))).toBe(null)
  })

  // PKCS #1 v1.5 with implicit rejection answers something for these, by design.
  if (padding === 'pkcs1') return

  it(`answers null for changed ciphertexts and for other paddings than ${padding}`, async () => {
    const [encrypter, decrypter] = await pair(engine)
    const sealed = await encrypter.encrypt(padding, ramp(32))
    for (const at of [0, 1, 100, 255]) expect(await decrypter.decrypt(padding, flipped(sealed, at))).toBe(null)
    for (const other of engine.rsaDecryptPaddings) {
      if (other !== padding && other !== 'pkcs1') expect(await decrypter.decrypt(other, sealed)).toBe(null)
    }
  })
}

async function pair(engine: Engine) {
  return [
    await engine.importRsaPublicKey(publicForms().SPKI),
    await engine.importRsaPrivateKey(privateForms()['PKCS #8']),
  ] as const
}

function importRefusals(engine: Engine, { it, expect }: TestApi): void {
  it('refuses to import the other half, other keys, and what is no key', async () => {
    const spki = publicForms().SPKI
    const pkcs8 = privateForms()['PKCS #8']
    const ec = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }
    const neither: KeyInput[] = ['', 'key', new Uint8Array(0), ramp(40), {}, ec, { kty: 'RSA' }]
    const notPublic = [
      pkcs8,
      pem('PRIVATE KEY', pkcs8),
      privateForms().JWK,
      spki.subarray(0, -1),
      Uint8Array.of(...spki, 0),
    ]
    const notPrivate = [
      spki,
      pem('PUBLIC KEY', spki),
      publicForms().JWK,
      pkcs8.subarray(0, -1),
      Uint8Array.of(...pkcs8, 0),
    ]
    for (const input of [...neither, ...notPublic]) {
      expect(await failure(() => engine.importRsaPublicKey(input))).toBe('TypeError')
    }
    for (const input of [...neither, ...notPrivate]) {
      expect(await failure(() => engine.importRsaPrivateKey(input))).toBe('TypeError')
    }
  })
}
