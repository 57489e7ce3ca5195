import { describe, expect, it } from 'vitest'
import { algorithmSuites, type CommitmentPolicy, encrypt, encryptStream, inspect, openRange } from '../src/index.ts'
import { numbered } from './support/bytes.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejectionCode, thrown } from './support/errors.ts'
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
