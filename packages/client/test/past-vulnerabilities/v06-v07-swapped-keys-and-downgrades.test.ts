import { describe, expect, it } from 'vitest'
import { algorithmSuites, decrypt, encrypt } from '../../src/index.ts'
import { flipped, numbered } from '../support/bytes.ts'
import { craft, uint } from '../support/craft.ts'
import { rejection, rejectionCode } from '../support/errors.ts'
import { expectedCodes } from '../support/expected-codes.ts'
import { dissect } from '../support/fields.ts'
import { policyFor } from '../support/suites.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(40)
const commitmentPolicy = 'require-encrypt-allow-decrypt'

/** CVE-2025-14762 to 14764: the wrapped key of an object could be exchanged for another one. */
it('V6: the encrypted data key of another message, which the keyring opens, does not open this one', async () => {
  for (const suite of algorithmSuites) {
    const options = { keyring, ...policyFor(suite), encryptionContext: { a: 'b' } }
    // The same signing key would be needed for the keyring to accept the context; without a signature there is none.
    if (suite.signature !== null) continue
    const [ours, theirs] = await Promise.all([encrypt(plaintext, options), encrypt(plaintext, options)])
    const [to, from] = [ours, theirs].map(({ ciphertext }) =>
      dissect(ciphertext).fields.find(({ name }) => name === 'encrypted key'),
    )
    const swapped = ours.ciphertext.slice()
    swapped.set(theirs.ciphertext.subarray(from?.start, from?.end), to?.start)
    expect(await rejectionCode(decrypt(swapped, { keyring, commitmentPolicy }))).toBe('ERR_AUTHENTICATION')
  }
})

/** CVE-2020-8911 and 8912: the algorithm was not authenticated, and an oracle told why decryption failed. */
describe('V7', () => {
  it('the algorithm suite of a message cannot be exchanged for any other', async () => {
    for (const suite of algorithmSuites) {
      const { ciphertext } = await encrypt(plaintext, { keyring, ...policyFor(suite) })
      for (const other of [...algorithmSuites.map(({ id }) => id), 0x0000, 0x6700, 0x6701, 0x0070]) {
        if (other === suite.id) continue
        const downgraded = ciphertext.slice()
        downgraded.set(uint(other, 2), suite.messageVersion === 1 ? 2 : 1)
        const code = await rejectionCode(decrypt(downgraded, { keyring, commitmentPolicy }))
        expect(expectedCodes('suite'), `${suite.id} as ${other}`).toContain(code)
      }
    }
  })

  it('a wrong tag, commitment and signature give the very same error, without a cause', async () => {
    const { message, keyring: crafted } = craft({ suite: 0x0578, plaintext })
    const { fields } = dissect(message)
    const places = ['message id', 'commitment', 'header tag', 'iv', 'content', 'tag', 'final tag', 'signature']
    const errors = await Promise.all(
      places.map((place) => {
        const field = fields.find(({ name }) => name === place)
        return rejection(decrypt(flipped(message, (field?.end ?? 0) - 1, 0), { keyring: crafted }))
      }),
    )
    const seen = errors.map((error) => {
      const { name, message: text, code, cause, attempts } = error as Error & { code: string; attempts: unknown[] }
      return JSON.stringify({ name, text, code, cause: String(cause), attempts })
    })
    expect(new Set(seen).size).toBe(1)
    expect(seen[0]).toContain('ERR_AUTHENTICATION')
  })
})
