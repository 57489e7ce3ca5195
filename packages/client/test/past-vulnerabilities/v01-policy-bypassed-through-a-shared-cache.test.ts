import { describe, expect, it } from 'vitest'
import { type CommitmentPolicy, decrypt, type EncryptOptions, encrypt } from '../../src/index.ts'
import { numbered } from '../support/bytes.ts'
import { rejectionCode } from '../support/errors.ts'
import { fixedCache } from '../support/fixed-cache.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const plaintext = numbered(20)

/** CVE-2026-6550: materials that one client put into a cache made another one write against its policy. */
describe('V1: the policy holds for what a shared cache answers', () => {
  const forbid: CommitmentPolicy = 'forbid-encrypt-allow-decrypt'
  const keyring = toyKeyring()

  it('a cache that one client filled does not make another write a suite that its policy forbids', async () => {
    for (const first of [{ commitmentPolicy: forbid }, {}] as const) {
      const second: Pick<EncryptOptions, 'commitmentPolicy'> =
        first.commitmentPolicy === forbid ? {} : { commitmentPolicy: forbid }
      const cache = fixedCache()
      await encrypt(plaintext, { keyring, cache, ...first })
      expect(await rejectionCode(encrypt(plaintext, { keyring, cache, ...second }))).toBe('ERR_POLICY')
    }
  })

  it('nor a suite of the right policy that was not asked for', async () => {
    const cache = fixedCache()
    await encrypt(plaintext, { keyring, cache, algorithmSuite: 0x0478 })
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache }))).toBe('ERR_KEYRING')
  })

  it('a cache that one client filled does not make another read what its policy forbids', async () => {
    const cache = fixedCache()
    const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite: 0x0178, commitmentPolicy: forbid })
    await decrypt(ciphertext, { keyring, cache, commitmentPolicy: forbid })
    expect(await rejectionCode(decrypt(ciphertext, { keyring, cache }))).toBe('ERR_POLICY')
  })

  it('a data key that was kept for another suite opens nothing', async () => {
    const cache = fixedCache()
    const commitmentPolicy = 'require-encrypt-allow-decrypt'
    const old = await encrypt(plaintext, { keyring, algorithmSuite: 0x0178, commitmentPolicy: forbid })
    const recent = await encrypt(plaintext, { keyring, algorithmSuite: 0x0478 })
    await decrypt(old.ciphertext, { keyring, cache, commitmentPolicy })
    expect(await rejectionCode(decrypt(recent.ciphertext, { keyring, cache, commitmentPolicy }))).toBe('ERR_NO_KEY')
  })
})
