import { runInNewContext } from 'node:vm'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { decrypt, encrypt } from '../src/index.ts'
import { rejection, rejectionCode } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'

afterEach(() => vi.unstubAllGlobals())

const plaintext = new TextEncoder().encode('attack at dawn')

describe('a page without crypto.subtle', () => {
  it.each(['encrypt', 'decrypt'])('says so on %s, before any key is asked', async (direction) => {
    const keyring = toyKeyring()
    const { ciphertext } = await encrypt(plaintext, { keyring })
    const asked = toyKeyring()
    vi.stubGlobal('crypto', { getRandomValues: () => {} })
    const options = { keyring: asked, engine: webEngine }
    const error = await rejection(direction === 'encrypt' ? encrypt(plaintext, options) : decrypt(ciphertext, options))
    expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED', message: expect.stringContaining('https') })
    expect([asked.wrapped, asked.unwrapped]).toEqual([[], []])
  })
})

describe('a runtime without a cipher', () => {
  it.each([
    ['node:crypto', Object.assign(new Error('Unknown cipher'), { code: 'ERR_CRYPTO_UNKNOWN_CIPHER' })],
    ['WebCrypto', new DOMException('no such cipher', 'NotSupportedError')],
  ])('is an unsupported message, as %s says it', async (_platform, refusal) => {
    const keyring = toyKeyring()
    const policy = { commitmentPolicy: 'forbid-encrypt-allow-decrypt', algorithmSuite: '0x0146' } as const
    const { ciphertext } = await encrypt(plaintext, { keyring, ...policy })
    const engine = {
      ...nodeEngine,
      aesGcm: () => {
        throw refusal
      },
    }
    const reading = { keyring, engine, commitmentPolicy: 'require-encrypt-allow-decrypt' } as const
    expect(await rejectionCode(decrypt(ciphertext, reading))).toBe('ERR_UNSUPPORTED')
    expect(await rejectionCode(encrypt(plaintext, { keyring, engine, ...policy }))).toBe('ERR_UNSUPPORTED')
  })
})

describe('a CryptoKey of another realm', () => {
  it('is taken as one of this realm is', async () => {
    const { publicKey } = await crypto.subtle.generateKey(
      { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
      true,
      ['encrypt', 'decrypt'],
    )
    // An instance of a class that is not this realm's, with the tag that WebCrypto gives its keys.
    vi.stubGlobal('CryptoKey', runInNewContext('class CryptoKey {}; CryptoKey'))
    expect(publicKey instanceof CryptoKey).toBe(false)
    for (const engine of [nodeEngine, webEngine]) {
      expect((await engine.importRsaPublicKey(publicKey)).modulusBits).toBe(2048)
    }
  })
})
