import { describe, expect, it } from 'vitest'
import { encrypt } from '../../src/index.ts'
import { flipped, isPrefixOf, numbered } from '../support/bytes.ts'
import { craft } from '../support/craft.ts'
import { drivers } from '../support/drivers.ts'
import { codeOf } from '../support/errors.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const plaintext = numbered(100)

/** GHSA-h45p-w933-jxh3 and its like: plaintext was given out before the signature over it was verified. */
describe('V3: where the signature of a message is wrong', () => {
  it('not one byte of its final frame comes out, by any way', async () => {
    const keyring = toyKeyring()
    const { ciphertext } = await encrypt(plaintext, { keyring, frameLength: 30 })
    const forged = flipped(ciphertext, ciphertext.length - 1, 0)
    for (const driver of drivers) {
      const { released, error } = await driver.decrypt([forged], { keyring })
      expect(codeOf(error)).toBe('ERR_AUTHENTICATION')
      expect(released.length).toBeLessThanOrEqual(driver.name === 'one shot' ? 0 : 90)
      expect(isPrefixOf(released, plaintext)).toBe(true)
    }
  })

  it('nothing at all comes out of a message of one frame, or of a non-framed one', async () => {
    for (const frameLength of [0, 100, 4096]) {
      const { message, keyring } = craft({ suite: 0x0578, plaintext, frameLength })
      for (const driver of drivers) {
        const { released, error } = await driver.decrypt([flipped(message, message.length - 1, 0)], { keyring })
        expect(codeOf(error)).toBe('ERR_AUTHENTICATION')
        expect(released).toHaveLength(0)
      }
    }
  })
})
