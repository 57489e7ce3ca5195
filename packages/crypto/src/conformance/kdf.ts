import type { Engine, HashName } from '../engine.ts'
import { bytes, failure, hex, isPlain, ramp, view } from './bytes.ts'
import { HASH_CASES, HMAC_CASES, MILLION_A } from './cases/hashes.ts'
import { COUNTER_KDF_CASES, HKDF_CASES } from './cases/kdf.ts'
import type { TestApi } from './test-api.ts'

const HASHES: readonly HashName[] = ['sha256', 'sha384', 'sha512']

export function kdfConformance(engine: Engine, api: TestApi): void {
  hashing(engine, api)
  hkdf(engine, api)
  counterKdf(engine, api)
}

function hashing(engine: Engine, { describe, it, expect }: TestApi): void {
  describe('hash and hmac', () => {
    for (const name of HASHES) {
      it(`hashes the examples of FIPS 180-4 with ${name}`, async () => {
        for (const example of HASH_CASES)
          expect(hex(await engine.hash(name, bytes(example.message)))).toBe(example[name])
        expect(hex(await engine.hash(name, new Uint8Array(1_000_000).fill(0x61)))).toBe(MILLION_A[name])
      })

      it(`authenticates the examples of RFC 4231 with ${name}`, async () => {
        for (const example of HMAC_CASES) {
          expect(hex(await engine.hmac(name, bytes(example.key), bytes(example.message)))).toBe(example[name])
        }
      })

      it(`takes an empty key as one that HMAC pads with zeros, with ${name}`, async () => {
        const padded = await engine.hmac(name, new Uint8Array(64), ramp(5))
        expect(hex(await engine.hmac(name, new Uint8Array(0), ramp(5)))).toBe(hex(padded))
      })
    }

    it('leaves its inputs as they were and answers plain arrays', async () => {
      const key = ramp(20)
      const message = ramp(40, 3)
      const answers = [await engine.hash('sha256', message), await engine.hmac('sha512', key, message)]
      expect([hex(key), hex(message)]).toEqual([hex(ramp(20)), hex(ramp(40, 3))])
      expect(answers.map(isPlain)).toEqual([true, true])
    })
  })
}

function hkdf(engine: Engine, { describe, it, expect }: TestApi): void {
  describe('hkdf', () => {
    for (const example of HKDF_CASES) {
      it(`derives ${example.name} (${example.hash})`, async () => {
        const { hash, keyMaterial, salt, info, output } = example
        const wanted = [{ info: bytes(info), length: output.length / 2 }]
        const derived = await engine.hkdf(hash, bytes(keyMaterial), bytes(salt), wanted)
        expect(derived.map(hex)).toEqual([output])
      })
    }

    it('derives several outputs in order, each as if alone', async () => {
      const wanted = [0, 1, 31, 32, 33, 64, 65, 200].map((length) => ({ info: ramp(length, 9), length }))
      const together = await engine.hkdf('sha512', ramp(32), ramp(32, 5), wanted)
      for (const [i, output] of wanted.entries()) {
        const [alone] = await engine.hkdf('sha512', ramp(32), ramp(32, 5), [output])
        expect([hex(together[i] ?? null), together[i]?.length]).toEqual([hex(alone ?? null), output.length])
      }
    })

    it('derives nothing where nothing is asked for', async () => {
      expect(await engine.hkdf('sha256', ramp(32), ramp(1), [])).toEqual([])
    })

    it('takes empty key material and an empty salt, which stands for zeros', async () => {
      const wanted = [{ info: ramp(3), length: 48 }]
      const empty = await engine.hkdf('sha384', new Uint8Array(0), new Uint8Array(0), wanted)
      const zeros = await engine.hkdf('sha384', new Uint8Array(0), new Uint8Array(48), wanted)
      expect(empty.map(hex)).toEqual(zeros.map(hex))
    })

    it('answers 255 blocks and refuses more, with each hash', async () => {
      for (const [hash, length] of [
        ['sha256', 8160],
        ['sha384', 12_240],
        ['sha512', 16_320],
      ] as const) {
        const [most] = await engine.hkdf(hash, ramp(32), ramp(4), [{ info: ramp(2), length }])
        expect(most?.length).toBe(length)
        const more = [{ info: ramp(2), length: length + 1 }]
        expect(await failure(() => engine.hkdf(hash, ramp(32), ramp(4), more))).toBe('RangeError')
      }
    })

    it('leaves its inputs as they were and answers plain arrays', async () => {
      const given = [ramp(32), ramp(16, 1), ramp(8, 2)] as const
      const [derived] = await engine.hkdf('sha256', given[0], given[1], [{ info: given[2], length: 80 }])
      expect(given.map(hex)).toEqual([hex(ramp(32)), hex(ramp(16, 1)), hex(ramp(8, 2))])
      expect(isPlain(derived)).toBe(true)
    })
  })
}

function counterKdf(engine: Engine, { describe, it, expect }: TestApi): void {
  describe('counterKdf', () => {
    for (const { name, hash, key, fixedInput, output } of COUNTER_KDF_CASES) {
      it(`derives ${name}`, async () => {
        expect(hex(await engine.counterKdf(hash, bytes(key), bytes(fixedInput), output.length / 2))).toBe(output)
      })
    }

    it('answers any length as a prefix of a longer one', async () => {
      const longest = await engine.counterKdf('sha256', ramp(32), ramp(60), 200)
      for (const length of [0, 1, 31, 32, 33, 64, 199]) {
        const shorter = await engine.counterKdf('sha256', ramp(32), ramp(60), length)
        expect([hex(shorter), isPlain(shorter)]).toEqual([hex(longest.subarray(0, length)), true])
      }
    })

    it('takes empty fixed input, and leaves its inputs as they were', async () => {
      const key = ramp(32)
      const input = view(new Uint8Array(0))
      expect((await engine.counterKdf('sha384', key, input, 32)).length).toBe(32)
      expect(hex(key)).toBe(hex(ramp(32)))
    })

    it('refuses lengths that are not lengths of keys', async () => {
      for (const length of [-1, 0.5, Number.NaN, 65_537]) {
        expect(await failure(() => engine.counterKdf('sha256', ramp(32), ramp(4), length))).toBe('RangeError')
      }
    })
  })
}
