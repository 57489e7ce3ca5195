import { createRequire } from 'node:module'
import { decrypt } from '@bongtu/client'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { BongtuError, encryptionContext } from '@bongtu/message-format'
import { describe, expect, it, vi } from 'vitest'
import { legacyContextEncodings } from '../src/raw-aes/legacy-context-order.ts'
import { ask, SUITE, wrapOne } from './asking.ts'
import { countingKey } from './keys.ts'

const namespace = 'vaults'
const name = 'vault-1'
const key = new Uint8Array(countingKey(32))
const current = rawAes({ namespace, name, key })
const legacy = rawAes({ namespace, name, key, legacyJsContextOrder: true })

// As CommonJS: its ES modules do not resolve in Node.
const require = createRequire(import.meta.url)
const { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } =
  require('@aws-crypto/client-node') as typeof import('@aws-crypto/client-node')
const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
const wrappingSuite = RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING
const plaintext = 'written by the AWS Encryption SDK for JavaScript'

async function writtenByTheIncumbent(context: Record<string, string>, utf8Sorting: boolean): Promise<Uint8Array> {
  const keyring = new RawAesKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    // It wants a buffer of its own.
    unencryptedMasterKey: key.slice(),
    wrappingSuite,
    utf8Sorting,
  })
  return (await encrypt(keyring, plaintext, { encryptionContext: context })).result
}

/** Contexts whose keys a locale sorts otherwise than by their bytes. A signed suite adds `aws-crypto-public-key`. */
const contexts: Record<string, Record<string, string>> = {
  'one capital beside the public key': { Tenant: 'acme' },
  'mixed case': { b: '1', A: '2', a: '3', B: '4' },
  'keys outside the basic plane': { '\uff5e': '1', '\u{1f600}': '2', é: '3', z: '4' },
}

describe('legacyJsContextOrder', () => {
  for (const [what, context] of Object.entries(contexts)) {
    it(`opens what the JavaScript SDK wrote by default under ${what}, which is refused without it`, async () => {
      const message = await writtenByTheIncumbent(context, false)
      await expect(decrypt(message, { keyring: current })).rejects.toSatisfy((error) =>
        BongtuError.is(error, 'ERR_NO_KEY'),
      )
      const opened = await decrypt(message, { keyring: legacy, encryptionContext: context })
      expect(new TextDecoder().decode(opened.plaintext)).toBe(plaintext)
    })

    it(`is not needed for what it wrote with utf8Sorting under ${what}`, async () => {
      const message = await writtenByTheIncumbent(context, true)
      const opened = await decrypt(message, { keyring: current })
      expect(new TextDecoder().decode(opened.plaintext)).toBe(plaintext)
    })
  }

  it('opens what a server in en-US wrote where this process has another locale', async () => {
    const context = { z: '1', ä: '2' }
    const message = await writtenByTheIncumbent(context, false)
    const { localeCompare } = String.prototype
    // In Swedish, z stands before ä.
    vi.spyOn(String.prototype, 'localeCompare').mockImplementation(function (this: string, that, locale) {
      return localeCompare.call(this, that, locale ?? 'sv')
    })
    try {
      expect((await decrypt(message, { keyring: legacy })).encryptionContext).toMatchObject(context)
    } finally {
      vi.restoreAllMocks()
    }
  })

  it('does not change what is written', async () => {
    const context = encryptionContext({ b: '1', A: '2' })
    const { own } = await wrapOne(legacy, undefined, SUITE, context)
    expect((await ask(current, [own], SUITE, context)).opened).not.toBeNull()
  })

  it('tries each order once, and the empty context as no bytes', () => {
    const [encoding, ...others] = legacyContextEncodings(encryptionContext({ a: '1' }))
    expect(encoding).toEqual(Uint8Array.of(0, 1, 0, 1, 0x61, 0, 1, 0x31))
    expect(others).toEqual([])
    expect(legacyContextEncodings(encryptionContext({}))).toEqual([new Uint8Array(0)])
  })
})
