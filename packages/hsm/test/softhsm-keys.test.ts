import { generateKeyPairSync } from 'node:crypto'
import { encrypt } from '@bongtu/client'
import { embeddedToken, localHsm, pkcs11Token, type Token } from '@bongtu/hsm'
import { beforeAll, describe, expect, it } from 'vitest'
import * as ck from '../src/pkcs11/constants.ts'
import { find, plantAesKey, type RawModule, rawModule, readFailure } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const { uri, pinFile, modulePath } = place
const open = (options: { readonly allowExtractable?: boolean } = {}): Token =>
  pkcs11Token({ uri, pin: { file: pinFile }, ...options })
const token = open()
const empty = new Uint8Array(0)
const some = Uint8Array.of(1)
let raw: RawModule

beforeAll(async () => {
  await token.generateKey({ kind: 'aes', label: 'kek' })
  await token.generateKey({ kind: 'rsa', label: 'kek', bits: 2048 })
  raw = await rawModule(place)
})

const planted = (label: string, flags = {}): void => {
  plantAesKey(raw, new Uint8Array(32).fill(7), { label, ...flags })
}

describe('a key that generateKey made', () => {
  it('is listed as one that stays in the token', async () => {
    const keys = await token.keys()
    const common = { label: 'kek', sensitive: true, extractable: false, decrypts: true }
    expect(keys).toContainEqual(expect.objectContaining({ ...common, kind: 'aes', bits: 256, encrypts: true }))
    expect(keys).toContainEqual(expect.objectContaining({ ...common, kind: 'rsa', bits: 2048, encrypts: false }))
  })

  it('shows no value: CKA_VALUE and CKA_PRIVATE_EXPONENT are sensitive', () => {
    const label = { type: ck.CKA_LABEL, value: Buffer.from('kek') }
    const [aes] = find(raw, [{ type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }, label])
    const [rsa] = find(raw, [{ type: ck.CKA_CLASS, value: ck.CKO_PRIVATE_KEY }, label])
    if (aes === undefined || rsa === undefined) throw new Error('the keys are gone')
    expect(readFailure(raw, aes, ck.CKA_VALUE)).toBe('CKR_ATTRIBUTE_SENSITIVE')
    expect(readFailure(raw, rsa, ck.CKA_PRIVATE_EXPONENT)).toBe('CKR_ATTRIBUTE_SENSITIVE')
  })

  it('wraps and derives nothing, and was never outside', () => {
    const [aes] = find(raw, [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
      { type: ck.CKA_LABEL, value: Buffer.from('kek') },
    ])
    if (aes === undefined) throw new Error('the key is gone')
    const flag = (type: number) => raw.binding.C_GetAttributeValue(raw.session, aes, [{ type }])[0]?.value[0]
    const [alwaysSensitive, neverExtractable] = [0x165, 0x164]
    expect([ck.CKA_SENSITIVE, alwaysSensitive, neverExtractable].map(flag)).toEqual([1, 1, 1])
    expect([ck.CKA_EXTRACTABLE, ck.CKA_WRAP, ck.CKA_UNWRAP, ck.CKA_DERIVE].map(flag)).toEqual([0, 0, 0, 0])
  })

  it('is not made twice under one label', async () => {
    await expect(token.generateKey({ kind: 'aes', label: 'kek' })).rejects.toEqual(tokenErrorWith('keyExists', '"kek"'))
  })

  it('is made among many others at once, by tokens that know nothing of each other', async () => {
    const tokens = [open(), open()]
    const making = Array.from({ length: 64 }, (_, at) =>
      tokens[at % 2]?.generateKey({ kind: 'aes', label: `many ${at}` }),
    )
    expect(new Set((await Promise.all(making)).map((key) => key?.label)).size).toBe(64)
  })

  it('is not made for a caller who no longer waits for its turn, and who is told at once', async () => {
    const controller = new AbortController()
    const before = token.generateKey({ kind: 'rsa', label: 'before', bits: 2048 })
    const abandoned = token.generateKey({ kind: 'aes', label: 'abandoned' }, controller.signal)
    controller.abort(new Error('enough'))
    await expect(abandoned).rejects.toThrow('enough')
    await before
    expect((await token.keys()).map(({ label }) => label)).not.toContain('abandoned')
  })

  it('is made while others look for keys and use them', async () => {
    const kek = token.aesKey({ label: 'kek' })
    let made = 0
    const work = async (one: () => Promise<unknown>): Promise<void> => {
      while (made < 32) await one()
    }
    const maker = async (): Promise<void> => {
      for (; made < 32; made++) await token.generateKey({ kind: 'aes', label: `meanwhile ${made}` })
    }
    await Promise.all([maker(), work(() => token.keys()), work(() => kek.seal(some, empty)), work(() => open().keys())])
    expect((await token.keys()).filter(({ label }) => label.startsWith('meanwhile'))).toHaveLength(32)
  })

  it.each([
    ['bits that no such key has', { kind: 'aes', label: 'x', bits: 512 }, RangeError],
    ['an RSA key of 1024 bits', { kind: 'rsa', label: 'x', bits: 1024 }, RangeError],
    ['another kind', JSON.parse('{"kind":"des","label":"x"}'), TypeError],
    ['an empty label', { kind: 'aes', label: '' }, TypeError],
  ])('is refused with %s', async (_, key, error) => {
    await expect(token.generateKey(key as never)).rejects.toBeInstanceOf(error)
  })
})

describe('a key that is used', () => {
  it('must be there', async () => {
    const reason = tokenErrorWith('noSuchKey', '"gone"')
    await expect(token.aesKey({ label: 'gone' }).seal(some, empty)).rejects.toEqual(reason)
    await expect(token.rsaKey({ label: 'gone' }).modulusLength()).rejects.toEqual(reason)
  })

  it('must be the only one of its label, unless its id is given', async () => {
    planted('twin')
    planted('twin')
    await expect(token.aesKey({ label: 'twin' }).seal(some, empty)).rejects.toEqual(
      tokenErrorWith('severalSuchKeys', '2'),
    )
  })

  it('must stay in the token: not extractable, and sensitive', async () => {
    planted('extractable', { extractable: true })
    planted('readable', { sensitive: false, extractable: true })
    for (const label of ['extractable', 'readable']) {
      await expect(token.aesKey({ label }).seal(some, empty)).rejects.toEqual(tokenErrorWith('extractableKey', label))
      const sealed = await open({ allowExtractable: true }).aesKey({ label }).seal(Uint8Array.of(1), empty)
      expect(sealed.ciphertext).toHaveLength(17)
    }
  })

  it('must be permitted to do it', async () => {
    raw.binding.C_CreateObject(raw.session, [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
      { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
      { type: ck.CKA_TOKEN, value: true },
      { type: ck.CKA_LABEL, value: Buffer.from('decrypts only') },
      { type: ck.CKA_SENSITIVE, value: true },
      { type: ck.CKA_EXTRACTABLE, value: false },
      { type: ck.CKA_ENCRYPT, value: false },
      { type: ck.CKA_DECRYPT, value: true },
      { type: ck.CKA_VALUE, value: Buffer.alloc(32, 9) },
    ])
    const sealing = token.aesKey({ label: 'decrypts only' }).seal(some, empty)
    await expect(sealing).rejects.toEqual(tokenErrorWith('denied', 'decrypts only'))
  })

  it('seals under a fresh initialisation vector each time', async () => {
    const key = token.aesKey({ label: 'kek' })
    const ivs = await Promise.all(Array.from({ length: 50 }, async () => (await key.seal(some, empty)).iv.toString()))
    expect(new Set(ivs).size).toBe(50)
  })

  it('opens nothing that is altered, too short, too long, or under other additional data', async () => {
    const key = token.aesKey({ label: 'kek' })
    const aad = Uint8Array.of(1, 2, 3)
    const { iv, ciphertext } = await key.seal(Uint8Array.of(4, 5), aad)
    expect(await key.open({ iv, ciphertext }, aad)).toEqual(Uint8Array.of(4, 5))
    expect(await key.open({ iv, ciphertext }, Uint8Array.of(1, 2))).toBeNull()
    expect(await key.open({ iv: iv.map((byte) => byte ^ 1), ciphertext }, aad)).toBeNull()
    expect(await key.open({ iv: iv.subarray(1), ciphertext }, aad)).toBeNull()
    for (const length of [0, 1, 15, 16, 17])
      expect(await key.open({ iv, ciphertext: ciphertext.subarray(0, length) }, aad)).toBeNull()
    expect(await key.open({ iv, ciphertext: new Uint8Array(20_000) }, aad)).toBeNull()
  })

  it('seals something, and no more than every token takes', async () => {
    const key = token.aesKey({ label: 'kek' })
    for (const length of [0, 16_353]) {
      await expect(key.seal(new Uint8Array(length), empty)).rejects.toBeInstanceOf(RangeError)
    }
    expect((await key.seal(new Uint8Array(16_352), empty)).ciphertext).toHaveLength(16_368)
  })

  it('is told by known answers to do AES-GCM', async () => {
    expect(await token.aesKey({ label: 'kek' }).proof()).toBe(
      'CKM_AES_GCM, equal to that of this process under a key that both had',
    )
  })
})

describe('an RSA key in a token', () => {
  it('is refused with a padding that the token does not do', async () => {
    const keyring = localHsm({ token, key: 'kek', namespace: 'n', name: 'k', padding: 'oaep-sha256' })
    await expect(encrypt(some, { keyring })).rejects.toHaveProperty(
      'cause',
      tokenErrorWith('unsupported', 'oaep-sha256'),
    )
  })

  it('wraps nothing for a public key that is not its own', async () => {
    await token.generateKey({ kind: 'rsa', label: 'other', bits: 2048 })
    const publicKey = await token.rsaKey({ label: 'other' }).publicKey()
    expect(publicKey?.modulusLength).toBe(256)
    const { publicKey: foreign } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const keyring = localHsm({ token, key: 'kek', namespace: 'n', name: 'k', padding: 'oaep-sha1', publicKey: foreign })
    await expect(encrypt(some, { keyring })).rejects.toHaveProperty(
      'cause',
      tokenErrorWith('unsupported', 'another key'),
    )
  })
})

describe('a token', () => {
  it('serves nothing once it was closed, to those who wait neither', async () => {
    const closing = pkcs11Token({ uri, pin: { file: pinFile }, sessions: 1 })
    const key = closing.aesKey({ label: 'kek' })
    await key.seal(some, empty)
    const calls = [key.seal(some, empty), key.seal(some, empty), key.seal(some, empty)]
    const outcomes = Promise.allSettled(calls)
    await closing.close()
    for (const outcome of await outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(tokenErrorWith('closed'))
    }
    await expect(key.seal(some, empty)).rejects.toEqual(tokenErrorWith('closed'))
  })

  it("leaves a caller at once whose signal aborts, and rejects with the signal's reason", async () => {
    const controller = new AbortController()
    const sealing = token.aesKey({ label: 'kek' }).seal(some, empty, controller.signal)
    controller.abort(new Error('enough'))
    await expect(sealing).rejects.toThrow('enough')
    await expect(token.keys(AbortSignal.abort(new Error('before')))).rejects.toThrow('before')
  })

  it('must be there, and be one alone', async () => {
    const absent = pkcs11Token({ uri: `pkcs11:token=absent?module-path=${modulePath}`, pin: { file: pinFile } })
    await expect(absent.keys()).rejects.toEqual(tokenErrorWith('noSuchToken', 'absent'))
    const bySerial = pkcs11Token({ uri: `pkcs11:serial=00?module-path=${modulePath}`, pin: { file: pinFile } })
    await expect(bySerial.keys()).rejects.toEqual(tokenErrorWith('noSuchToken'))
  })

  it('is in a module that exists', async () => {
    const nowhere = pkcs11Token({ uri: 'pkcs11:token=a?module-path=/nowhere/p11.so' })
    await expect(nowhere.keys()).rejects.toEqual(tokenErrorWith('noModule', '/nowhere/p11.so'))
    await expect(embeddedToken({ file: '/nowhere/token' }).keys()).rejects.toEqual(tokenErrorWith('noSuchToken'))
  })
})
