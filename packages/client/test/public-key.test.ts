import { defaultEngine } from '@bongtu/crypto'
import { describe, expect, it } from 'vitest'
import { encrypt, type Header } from '../src/index.ts'
import { publicKeyVerifier } from '../src/public-key.ts'
import { numbered } from './support/bytes.ts'
import { rejectionCode } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const NAME = 'aws-crypto-public-key'

describe('the public key in the encryption context', () => {
  // P-256: 33 bytes, whose Base64 has no padding. P-384: 49 bytes, whose Base64 ends in two signs of padding.
  for (const algorithmSuite of [0x0214, 0x0578]) {
    it(`of suite ${algorithmSuite.toString(16)} is read as strict Base64 only`, async () => {
      const commitmentPolicy = algorithmSuite === 0x0214 ? 'forbid-encrypt-allow-decrypt' : undefined
      const { header } = await encrypt(numbered(1), {
        keyring: toyKeyring(),
        algorithmSuite,
        ...(commitmentPolicy === undefined ? {} : { commitmentPolicy }),
      })
      const text = header.encryptionContext[NAME] ?? ''
      const read = async (other: string) => {
        const encryptionContext = { ...header.encryptionContext, [NAME]: other }
        return publicKeyVerifier(defaultEngine, { ...header, encryptionContext } as Header)
      }
      expect(await read(text)).not.toBeNull()
      const loose = [` ${text}`, `${text}\n`, `${text.slice(0, 8)} ${text.slice(8)}`, `${text}=`, '', text.slice(1)]
      if (text.endsWith('==')) loose.push(text.slice(0, -2), text.slice(0, -1), nextTrailingBits(text))
      for (const other of loose) expect(await rejectionCode(read(other)), JSON.stringify(other)).toBe('ERR_MALFORMED')
    })
  }
})

/** The same bytes, with a bit set that strict Base64 leaves at zero. */
const nextTrailingBits = (text: string): string =>
  `${text.slice(0, -3)}${String.fromCharCode(text.charCodeAt(text.length - 3) + 1)}==`
