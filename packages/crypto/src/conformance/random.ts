import type { Engine } from '../engine.ts'
import { failure, hex, isPlain, ramp, view } from './bytes.ts'
import type { TestApi } from './test-api.ts'

export function randomConformance(engine: Engine, { describe, it, expect }: TestApi): void {
  describe('random', () => {
    it('answers the length that is asked for, also beyond the quota of WebCrypto', () => {
      for (const length of [0, 1, 12, 32, 255, 256, 257, 4096, 65_537, 200_000]) {
        const drawn = engine.random(length)
        expect([drawn.length, isPlain(drawn)]).toEqual([length, true])
      }
    })

    it('does not repeat itself over many small draws', () => {
      const drawn = Array.from({ length: 2000 }, () => hex(engine.random(16)))
      expect(new Set(drawn).size).toBe(drawn.length)
    })

    it('sets every byte of a large draw', () => {
      const drawn = engine.random(131_073)
      const blocks = Array.from({ length: 8192 }, (_, i) => hex(drawn.subarray(i * 16, i * 16 + 16)))
      expect(new Set(blocks).size).toBe(blocks.length)
    })

    it('hands out memory that no later draw shares', () => {
      const first = engine.random(32)
      const before = hex(first)
      engine.random(32).fill(0)
      expect(hex(first)).toBe(before)
      expect(first.buffer === engine.random(32).buffer).toBe(false)
    })

    it('refuses lengths that are not lengths', async () => {
      for (const length of [-1, 0.5, Number.NaN, 2 ** 31]) {
        expect(await failure(() => engine.random(length))).toBe('RangeError')
      }
    })
  })

  describe('equal', () => {
    it('is true for equal bytes at any offset, and for nothing and nothing', () => {
      expect(engine.equal(ramp(33), view(ramp(33)))).toBe(true)
      expect(engine.equal(new Uint8Array(0), view(new Uint8Array(0)))).toBe(true)
    })

    it('is false for each differing byte', () => {
      const given = ramp(16)
      for (let i = 0; i < given.length; i++) {
        const other = view(given)
        other[i] = (other[i] ?? 0) ^ 0x80
        expect(engine.equal(given, other)).toBe(false)
      }
    })

    it('is false for unequal lengths, without throwing', () => {
      expect(engine.equal(ramp(16), ramp(17))).toBe(false)
      expect(engine.equal(ramp(1), new Uint8Array(0))).toBe(false)
    })
  })
}
