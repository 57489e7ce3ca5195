import { defaultEngine } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { decrypt, openRange } from '../../src/index.ts'
import { numbered } from '../support/bytes.ts'
import { type Craft, craft, properly } from '../support/craft.ts'

const commitmentPolicy = 'require-encrypt-allow-decrypt'
const plaintext = numbered(40)

/** Signs until the signature has the wanted length: one in some hundred has a number that begins with a zero byte. */
const signUntil =
  (fits: (length: number) => boolean): Craft['sign'] =>
  (signed, key) => {
    for (;;) {
      const signature = properly(signed, key)
      if (fits(signature.length)) return signature
    }
  }

/** The browser build of the SDK for JavaScript misread signatures whose numbers have leading zero bytes. */
describe('V5: a valid signature is accepted whatever its length in DER', () => {
  for (const [suite, lengths] of [
    [0x0214, [69, 70, 71, 72]],
    [0x0578, [101, 102, 103, 104]],
  ] as const) {
    for (const [index, length] of lengths.entries()) {
      it(`of ${index === 0 ? 'at most ' : ''}${length} bytes`, async () => {
        const sign = signUntil((each) => (index === 0 ? each <= length : each === length))
        const { message, keyring } = craft({ suite, plaintext, ...(sign && { sign }) })
        for (const engine of [defaultEngine, webEngine, nobleEngine]) {
          expect((await decrypt(message, { keyring, engine, commitmentPolicy })).plaintext).toEqual(plaintext)
        }
        const range = await openRange(message, { keyring, commitmentPolicy, unverified: 'release' })
        expect(await range.read(0)).toEqual(plaintext)
      })
    }
  }
})
