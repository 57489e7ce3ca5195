import { buildClient, CommitmentPolicy } from '@aws-crypto/client-node'
import { defaultEngine } from '@bongtu/crypto'
import { describe, expect, it } from 'vitest'
import { algorithmSuites, decrypt, encrypt } from '../src/index.ts'
import { exchangesOf, oursToTheirs, somePlaintext, theirsToOurs } from './support/peer-exchange.ts'
import { aesKey, type KeyInBoth, rsaKey, rsaPkcs1Key } from './support/peer-keys.ts'

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

describe('the AWS Encryption SDK for JavaScript and bongtu read each other', () => {
  for (const suite of algorithmSuites) {
    for (const exchange of exchangesOf(suite)) {
      const { frameLength, size, context, key } = exchange
      const pairs = Object.keys(context).length
      it(`${suite.name}, ${size} bytes in frames of ${frameLength}, ${pairs} pairs, ${key.name}`, async () => {
        const plaintext = somePlaintext(exchange)
        expect(sameBytes(await oursToTheirs(exchange, plaintext), plaintext)).toBe(true)
        expect(sameBytes(await theirsToOurs(exchange, plaintext), plaintext)).toBe(true)
      })
    }
  }
})

describe('they read each other with each padding of RSA', () => {
  const exchange = async (key: KeyInBoth): Promise<void> => {
    for (const suite of algorithmSuites) {
      const message = { suite, frameLength: 16, size: 40, context: { tenant: 'acme' }, key }
      const plaintext = somePlaintext(message)
      expect(sameBytes(await oursToTheirs(message, plaintext), plaintext)).toBe(true)
      expect(sameBytes(await theirsToOurs(message, plaintext), plaintext)).toBe(true)
    }
  }

  for (const hash of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
    it(`OAEP with ${hash}`, () => exchange(rsaKey(hash)))
  }

  it('PKCS #1 v1.5, where this Node decrypts it; elsewhere it is refused before anything is asked of it', async () => {
    if (defaultEngine.rsaDecryptPaddings.includes('pkcs1')) await exchange(rsaPkcs1Key())
    else expect(rsaPkcs1Key).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }))
  })
})

describe('what the peer wrote with its default order of context keys', () => {
  const context = { b: '1', A: '2', a: '3', B: '4', '\u{ff5e}': '5', '\u{1f600}': '6', é: '7' }
  const plaintext = Uint8Array.of(1, 2, 3)
  const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const legacy = aesKey(32, { utf8Sorting: false, legacyJsContextOrder: true })

  it('opens with legacyJsContextOrder, and not without it', async () => {
    const { result } = await client.encrypt(legacy.theirs, plaintext, { encryptionContext: context })
    const opened = await decrypt(result, { keyring: legacy.ours, encryptionContext: context })
    expect(sameBytes(opened.plaintext, plaintext)).toBe(true)
    await expect(decrypt(result, { keyring: aesKey(32).ours })).rejects.toMatchObject({ code: 'ERR_NO_KEY' })
  })

  it('does not change what bongtu writes', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: legacy.ours, encryptionContext: context })
    const { plaintext: theirs } = await client.decrypt(aesKey(32).theirs, ciphertext)
    expect(sameBytes(theirs, plaintext)).toBe(true)
  })
})
