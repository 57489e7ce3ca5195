import { generateKeyPairSync } from 'node:crypto'
import { join } from 'node:path'
import { decrypt, encrypt } from '@bongtu/client'
import { nodeEngine } from '@bongtu/crypto/node'
import {
  createEmbeddedToken,
  embeddedToken,
  type LocalHsmOptions,
  localHsm,
  pkcs11Token,
  type Token,
} from '@bongtu/hsm'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { describe, expect, it } from 'vitest'
import { tokenErrorWith } from './support/rejection.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const modulePath = '/nowhere/p11.so'
const uri = `pkcs11:token=acme;object=kek?module-path=${modulePath}`
const file = join(temporaryFolder(), 'keys.token')
await createEmbeddedToken({ file })
const token = embeddedToken({ file })
const names = { namespace: 'acme', name: 'kek' }
const plaintext = Uint8Array.of(1, 2, 3)

describe('localHsm with a URI', () => {
  it('takes namespace and name from the labels of token and key, from the query, or from the options', () => {
    expect(localHsm({ uri }).name).toBe('hsm:acme/kek in pkcs11:token=acme')
    expect(localHsm({ uri: `${uri}&namespace=n&name=k` }).name).toBe('hsm:n/k in pkcs11:token=acme')
    expect(localHsm({ uri: `${uri}&namespace=n&name=k`, namespace: 'o', name: 'p' }).name).toContain('hsm:o/p')
  })

  it('takes the padding from the query, and a type that fits it', () => {
    for (const each of [
      uri.replace('?', ';type=secret-key?'),
      `${uri}&padding=oaep-sha256`,
      `${uri.replace('?', ';type=private?')}&padding=oaep-sha256`,
    ]) {
      expect(() => localHsm({ uri: each })).not.toThrow()
    }
  })

  it('does nothing before it is used: no module is loaded', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: await aes('first') })
    const keyring = localHsm({ uri, ...names })
    await expect(encrypt(plaintext, { keyring })).rejects.toHaveProperty(
      'cause',
      tokenErrorWith('noModule', modulePath),
    )
    await expect(decrypt(ciphertext, { keyring })).rejects.toMatchObject({
      code: 'ERR_NO_KEY',
      attempts: [{ reason: expect.stringContaining(modulePath), cause: tokenErrorWith('noModule') }],
    })
  })

  it.each([
    ['no key', `pkcs11:token=acme?module-path=${modulePath}&name=k`],
    ['no token and no namespace', `pkcs11:object=kek?module-path=${modulePath}`],
    ['no module', 'pkcs11:token=acme;object=kek'],
    ['a relative module', 'pkcs11:token=acme;object=kek?module-path=p11.so'],
    ['the name of a module', `${uri}&module-name=softhsm2`],
    ['a PIN', `${uri}&pin-value=1234`],
    ['an unknown attribute in the query', `${uri}&pading=oaep-sha256`],
    ['an unknown attribute in the path', `pkcs11:tokn=acme;object=kek?module-path=${modulePath}&namespace=n`],
    ['an unknown padding', `${uri}&padding=oaep-md5`],
    ['PKCS #1 padding', `${uri}&padding=pkcs1`],
    ['the type of a certificate', uri.replace('?', ';type=cert?')],
    ['the type of a private key and no padding', uri.replace('?', ';type=private?')],
    ['the type of a secret key and a padding', `${uri.replace('?', ';type=secret-key?')}&padding=oaep-sha1`],
    ['a file for the public key, which programs give themselves', `${uri}&padding=oaep-sha1&public-key-file=x`],
    ['another scheme', 'raw-aes:a/b'],
  ])('is refused with %s', (_, each) => {
    expect(() => localHsm({ uri: each })).toThrow(TypeError)
  })

  it('is refused with another module than its options name, or options that it lacks', () => {
    expect(() => pkcs11Token({ uri, modulePath: '/other.so' })).toThrow(TypeError)
    expect(() => localHsm({ uri, key: 'kek' } as unknown as LocalHsmOptions)).toThrow(TypeError)
    expect(() => pkcs11Token({ uri, pinn: 'x' } as never)).toThrow(TypeError)
    for (const sessions of [0, 257, 1.5, Number.NaN]) expect(() => pkcs11Token({ uri, sessions })).toThrow(RangeError)
    expect(() => pkcs11Token({ uri, allowExtractable: 'yes' as never })).toThrow(TypeError)
  })
})

async function aes(label: string) {
  await token.generateKey({ kind: 'aes', label })
  return localHsm({ token, key: label, ...names })
}

describe('localHsm with a token', () => {
  it.each<[string, object]>([
    ['no token', { key: 'k', ...names }],
    ['no key', { token, ...names }],
    ['an empty label', { token, key: '', ...names }],
    ['a key that names nothing', { token, key: {}, ...names }],
    ['an id that is text', { token, key: { id: 'ab' }, ...names }],
    ['an unknown option', { token, key: 'k', ...names, paddin: 'oaep-sha1' }],
    ['an unknown padding', { token, key: 'k', ...names, padding: 'pkcs1' }],
    ['a public key without padding', { token, key: 'k', ...names, publicKey: 'x' }],
    ['a namespace that is no string', { token, key: 'k', namespace: 1, name: 'k' }],
  ])('is refused with %s', (_, options) => {
    expect(() => localHsm(options as LocalHsmOptions)).toThrow(TypeError)
  })

  it.each([
    ['an empty namespace', { namespace: '' }],
    ['a namespace of the AWS KMS keyrings', { namespace: 'aws-kms-x' }],
    ['a name with half a surrogate pair', { name: '\ud800' }],
    ['a name that does not fit', { name: 'x'.repeat(65_516) }],
  ])('is refused with %s', (_, wrong) => {
    expect(() => localHsm({ token, key: 'k', ...names, ...wrong })).toThrow(RangeError)
  })

  it('finds a key by its id, and keeps no hold on the bytes it was given', async () => {
    const { id } = await token.generateKey({ kind: 'aes', label: 'by id' })
    const given = id.slice()
    const keyring = localHsm({ token, key: { id: given }, ...names })
    given.fill(0)
    const { ciphertext } = await encrypt(plaintext, { keyring })
    expect((await decrypt(ciphertext, { keyring: localHsm({ token, key: 'by id', ...names }) })).plaintext).toEqual(
      plaintext,
    )
  })

  it('encrypts under the public half that the token shows, and under one that is given; nothing under that of another', async () => {
    await token.generateKey({ kind: 'rsa', label: 'rsa', bits: 2048 })
    const rsa = { token, key: 'rsa', ...names, padding: 'oaep-sha384' } as const
    const shown = await encrypt(plaintext, { keyring: localHsm(rsa) })
    expect((await decrypt(shown.ciphertext, { keyring: localHsm(rsa) })).plaintext).toEqual(plaintext)
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const wrong = localHsm({ ...rsa, publicKey })
    await expect(encrypt(plaintext, { keyring: wrong })).rejects.toHaveProperty(
      'cause',
      tokenErrorWith('unsupported', 'another key'),
    )
    const writer = rawRsa({ ...names, padding: 'oaep-sha384', publicKey })
    const foreign = await encrypt(plaintext, { keyring: writer })
    await expect(decrypt(foreign.ciphertext, { keyring: localHsm(rsa) })).rejects.toMatchObject({ code: 'ERR_NO_KEY' })
  })
})

describe('localHsm on a weak RSA key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const half = { public: nodeEngine.importRsaPublicKey(publicKey), private: nodeEngine.importRsaPrivateKey(privateKey) }
  const weakToken: Token = {
    ...token,
    rsaKey: () => ({
      publicKey: async () => half.public,
      modulusLength: async () => half.public.modulusLength,
      decrypt: async (padding, ciphertext) => half.private.decrypt(padding, ciphertext),
    }),
  }
  const weak = { token: weakToken, key: 'old', ...names, padding: 'oaep-sha1' } as const

  it('encrypts nothing unless an option allows it, and decrypts what was encrypted', async () => {
    for (const more of [{}, { publicKey }, { allowWeakKeys: false }]) {
      await expect(encrypt(plaintext, { keyring: localHsm({ ...weak, ...more }) })).rejects.toMatchObject({
        code: 'ERR_KEYRING',
        message: expect.stringContaining('at least 2048 bits, got 1024'),
      })
    }
    const { ciphertext } = await encrypt(plaintext, { keyring: localHsm({ ...weak, allowWeakKeys: true }) })
    expect((await decrypt(ciphertext, { keyring: localHsm(weak) })).plaintext).toEqual(plaintext)
  })

  it('takes the option from the query of the URI too, as true or false', () => {
    const rsa = `${uri}&padding=oaep-sha256&allow-weak-keys=`
    expect(() => localHsm({ uri: `${rsa}true` })).not.toThrow()
    expect(() => localHsm({ uri: `${rsa}yes` })).toThrow(/allow-weak-keys must be one of true, false/)
  })

  it('refuses the option for an AES key, and a value that is not true or false', () => {
    expect(() => localHsm({ token, key: 'aes', ...names, allowWeakKeys: true })).toThrow(/is for RSA keys/)
    expect(() => localHsm({ ...weak, allowWeakKeys: 1 as never })).toThrow(/allowWeakKeys must be one of true, false/)
  })
})
