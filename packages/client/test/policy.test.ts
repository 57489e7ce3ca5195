import { describe, expect, it } from 'vitest'
import {
  algorithmSuites,
  type CommitmentPolicy,
  decrypt,
  type EncryptOptions,
  encrypt,
  encryptStream,
  inspect,
  openRange,
} from '../src/index.ts'
import { numbered } from './support/bytes.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejectionCode, thrown } from './support/errors.ts'
import { fixedCache } from './support/fixed-cache.ts'
import { policyFor } from './support/suites.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const plaintext = numbered(20)

/** client.md: which suites each policy writes and reads. */
const policies: Readonly<Record<CommitmentPolicy, { writes: 'committing' | 'others'; reads: 'committing' | 'all' }>> = {
  'require-encrypt-require-decrypt': { writes: 'committing', reads: 'committing' },
  'require-encrypt-allow-decrypt': { writes: 'committing', reads: 'all' },
  'forbid-encrypt-allow-decrypt': { writes: 'others', reads: 'all' },
}

for (const [policy, { writes, reads }] of Object.entries(policies)) {
  const commitmentPolicy = policy as CommitmentPolicy
  describe(policy, () => {
    for (const suite of algorithmSuites) {
      const mayWrite = suite.committing === (writes === 'committing')
      const mayRead = suite.committing || reads === 'all'

      it(`${mayWrite ? 'writes' : 'refuses to write'} ${suite.name}, before any keyring is asked`, async () => {
        const keyring = toyKeyring()
        for (const driver of drivers) {
          const options = { keyring, algorithmSuite: suite.id, commitmentPolicy }
          const attempt = Promise.resolve().then(() => driver.encrypt([plaintext], options))
          const error = await attempt.then(
            (outcome) => outcome.error,
            (thrownError: unknown) => thrownError,
          )
          if (mayWrite) expect(error).toBeUndefined()
          else expect(codeOf(error)).toBe('ERR_POLICY')
        }
        expect(keyring.wrapped.length > 0).toBe(mayWrite)
      })

      it(`${mayRead ? 'reads' : 'refuses to read'} ${suite.name}, before any keyring is asked`, async () => {
        const keyring = toyKeyring()
        const { ciphertext } = await encrypt(plaintext, { keyring, ...policyFor(suite) })
        for (const driver of drivers) {
          const { error } = await driver.decrypt([ciphertext], { keyring, commitmentPolicy })
          expect(error === undefined ? 'none' : codeOf(error)).toBe(mayRead ? 'none' : 'ERR_POLICY')
        }
        const range = openRange(ciphertext, { keyring, commitmentPolicy, unverified: 'release' })
        if (mayRead) await range
        else expect(await rejectionCode(range)).toBe('ERR_POLICY')
        expect(keyring.unwrapped.length > 0).toBe(mayRead)
        const { readableUnder } = await inspect(ciphertext)
        expect(readableUnder.includes(commitmentPolicy)).toBe(mayRead)
      })
    }
  })
}

describe('the policy holds for what a keyring or a cache answers', () => {
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

it('an error of policy names the policy, the suite and the way out', () => {
  const error = thrown(() =>
    encryptStream({
      keyring: toyKeyring(),
      algorithmSuite: 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
      commitmentPolicy: 'forbid-encrypt-allow-decrypt',
    }),
  )
  expect(String(error)).toMatch(/forbid-encrypt-allow-decrypt.*0478.*algorithmSuite/)
})
