import type { Engine } from '../engine.ts'
import { bytes, failure, flipped, hex, isPlain, ramp, view } from './bytes.ts'
import { AES_GCM_CASES, AES_GCM_FORGERIES } from './cases/aes-gcm.ts'
import type { TestApi } from './test-api.ts'

export function aesGcmConformance(engine: Engine, { describe, it, expect }: TestApi): void {
  describe('aesGcm', () => {
    for (const example of AES_GCM_CASES) {
      it(`seals and opens ${example.name}`, async () => {
        const gcm = await engine.aesGcm(bytes(example.key))
        const [iv, aad] = [bytes(example.iv), bytes(example.aad)]
        expect(hex(await gcm.seal(iv, bytes(example.plaintext), aad))).toBe(example.sealed)
        expect(hex(await gcm.open(iv, bytes(example.sealed), aad))).toBe(example.plaintext)
      })
    }

    it('opens no published forgery', async () => {
      for (const example of AES_GCM_FORGERIES) {
        const gcm = await engine.aesGcm(bytes(example.key))
        expect(await gcm.open(bytes(example.iv), bytes(example.sealed), bytes(example.aad))).toBe(null)
      }
    })

    it('answers null for a change of any byte of ciphertext, tag, iv or additional data', async () => {
      const [iv, content, aad] = [ramp(12), ramp(5, 2), ramp(4, 3)]
      for (const keyLength of [16, 24, 32]) {
        const gcm = await engine.aesGcm(ramp(keyLength))
        const sealed = await gcm.seal(iv, content, aad)
        for (let i = 0; i < sealed.length; i++) expect(await gcm.open(iv, flipped(sealed, i), aad)).toBe(null)
        for (let i = 0; i < iv.length; i++) expect(await gcm.open(flipped(iv, i), sealed, aad)).toBe(null)
        for (let i = 0; i < aad.length; i++) expect(await gcm.open(iv, sealed, flipped(aad, i))).toBe(null)
        expect(hex(await gcm.open(iv, view(sealed), aad))).toBe(hex(content))
      }
    })

    it('does not take absent additional data for any other', async () => {
      const gcm = await engine.aesGcm(ramp(32))
      const [none, some] = [new Uint8Array(0), new Uint8Array(16)]
      expect(await gcm.open(ramp(12), await gcm.seal(ramp(12), ramp(5), none), some)).toBe(null)
      expect(await gcm.open(ramp(12), await gcm.seal(ramp(12), ramp(5), some), none)).toBe(null)
    })

    it('answers null for every truncation, also below the length of a tag, and for bytes behind the tag', async () => {
      const gcm = await engine.aesGcm(ramp(32))
      const sealed = await gcm.seal(ramp(12), ramp(5), ramp(3))
      for (let length = 0; length < sealed.length; length++) {
        expect(await gcm.open(ramp(12), view(sealed.subarray(0, length)), ramp(3))).toBe(null)
      }
      expect(await gcm.open(ramp(12), view(Uint8Array.of(...sealed, 0)), ramp(3))).toBe(null)
    })

    it('refuses keys that are not of AES, and ivs that have not 12 bytes', async () => {
      for (const length of [0, 8, 15, 17, 31, 33, 64]) {
        expect(await failure(() => engine.aesGcm(ramp(length)))).toBe('RangeError')
      }
      const gcm = await engine.aesGcm(ramp(16))
      for (const length of [0, 8, 11, 13, 16]) {
        expect(await failure(() => gcm.seal(ramp(length), ramp(1), ramp(1)))).toBe('RangeError')
        expect(await failure(() => gcm.open(ramp(length), ramp(17), ramp(1)))).toBe('RangeError')
      }
    })

    it('copies the key before it answers', async () => {
      for (const keyLength of [16, 24, 32]) {
        const key = ramp(keyLength)
        const pending = engine.aesGcm(key)
        key.fill(0)
        const gcm = await pending
        const fresh = await engine.aesGcm(ramp(keyLength))
        expect(hex(await gcm.seal(ramp(12), ramp(9), ramp(1)))).toBe(hex(await fresh.seal(ramp(12), ramp(9), ramp(1))))
      }
    })

    it('leaves its inputs as they were and answers plain arrays', async () => {
      const [key, iv, content, aad] = [ramp(24), ramp(12, 1), ramp(40, 2), ramp(20, 3)]
      const gcm = await engine.aesGcm(key)
      const sealed = view(await gcm.seal(iv, content, aad))
      const before = hex(sealed)
      const answers = [await gcm.seal(iv, content, aad), await gcm.open(iv, sealed, aad)]
      expect([key, iv, content, aad].map(hex)).toEqual([ramp(24), ramp(12, 1), ramp(40, 2), ramp(20, 3)].map(hex))
      expect(hex(sealed)).toBe(before)
      expect(answers.map(isPlain)).toEqual([true, true])
    })

    it('does not show its key', async () => {
      const key = Uint8Array.from({ length: 32 }, (_, i) => 0x41 + (i % 26))
      const shown = JSON.stringify(await engine.aesGcm(key))
      expect(shown.includes('65') || shown.includes(hex(key) ?? '')).toBe(false)
    })
  })
}
