import { afterEach, expect, it, vi } from 'vitest'
import { decrypt, encrypt, inspect, type Keyring } from '../../src/index.ts'
import { numbered } from '../support/bytes.ts'
import { rejectionCode } from '../support/errors.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** CVE-2024-56327: the name of a plugin, read from a file, chose which program was run. */
it('V14: names in a header choose nothing: no request goes out, and only the keyring that was given is asked', async () => {
  const fetch = vi.fn(() => Promise.reject(new Error('offline')))
  vi.stubGlobal('fetch', fetch)
  const names = [
    'https://attacker.example/steal',
    'file:///etc/passwd',
    '../../../../bin/sh',
    'arn:aws:kms:attacker-region:111122223333:key/x',
    '__proto__',
    'constructor',
    'aws-kms',
    '$(exit)',
  ]
  const keyInfo = new TextEncoder().encode(names[3])
  for (const providerId of names) {
    const writer: Keyring = {
      ...toyKeyring(),
      wrapDataKey: async ({ suite }) => ({
        dataKey: new Uint8Array(suite.dataKeyLength),
        encryptedDataKeys: [{ providerId, keyInfo, ciphertext: numbered(8) }],
      }),
    }
    const { ciphertext } = await encrypt(numbered(3), {
      keyring: writer,
      encryptionContext: { [providerId]: providerId },
    })
    const asked = toyKeyring()
    expect(await rejectionCode(decrypt(ciphertext, { keyring: asked }))).toBe('ERR_NO_KEY')
    expect(asked.unwrapped).toHaveLength(1)
    expect((await inspect(ciphertext)).header.encryptedDataKeys[0]?.providerId).toBe(providerId)
  }
  expect(fetch).not.toHaveBeenCalled()
})
