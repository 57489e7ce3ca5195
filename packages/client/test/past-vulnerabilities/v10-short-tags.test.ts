import { defaultEngine } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { encrypt } from '../../src/index.ts'
import { concat, numbered } from '../support/bytes.ts'
import { drivers } from '../support/drivers.ts'
import { codeOf } from '../support/errors.ts'
import { dissect } from '../support/fields.ts'
import { fourKinds, kindOf, policyFor } from '../support/suites.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const keyring = toyKeyring()

/** node:crypto takes a tag of four bytes for a tag unless it is told their number. */
describe('V10: a tag that was shortened does not verify', () => {
  for (const suite of fourKinds) {
    it(`${kindOf(suite)}, wherever the tag stands and on every engine`, async () => {
      const { algorithmSuite, commitmentPolicy } = policyFor(suite)
      const { ciphertext } = await encrypt(numbered(20), { keyring, algorithmSuite, commitmentPolicy, frameLength: 8 })
      const { fields } = dissect(ciphertext)
      for (const { name, end } of fields.filter((field) => field.name.endsWith('tag'))) {
        for (const length of [0, 1, 4, 8, 12, 15]) {
          const short = concat([ciphertext.subarray(0, end - 16 + length), ciphertext.subarray(end)])
          for (const engine of [defaultEngine, webEngine, nobleEngine]) {
            for (const driver of drivers.slice(0, 2)) {
              const { error } = await driver.decrypt([short], { keyring, commitmentPolicy, engine })
              expect(
                ['ERR_AUTHENTICATION', 'ERR_TRUNCATED', 'ERR_MALFORMED', 'ERR_LIMIT'],
                `${name} of ${length} bytes`,
              ).toContain(codeOf(error))
            }
          }
        }
      }
    })
  }
})
