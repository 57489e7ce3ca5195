import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { type DecryptOptions, decrypt } from '../src/index.ts'
import { flipped, sameBytes } from './support/bytes.ts'
import { coreDriver, type Driver, drivers, oneShotDriver } from './support/drivers.ts'
import { expectedCodes } from './support/expected-codes.ts'
import { faultsOf, plaintext, releasable, sampleOf } from './support/samples.ts'
import { fourKinds, kindOf } from './support/suites.ts'

const EVERY_BIT = [0, 1, 2, 3, 4, 5, 6, 7]

for (const suite of fourKinds) {
  describe(`${kindOf(suite)}`, async () => {
    const sample = await sampleOf(suite)
    const { message, options } = sample

    /** Turns bits of every byte, and answers what is wrong with the refusals. */
    async function faultsWith(driver: Driver, more: Partial<DecryptOptions> = {}, bits = EVERY_BIT): Promise<string[]> {
      const faults: string[] = []
      for (const { name, start, end } of sample.fields) {
        const codes = expectedCodes(name)
        for (let at = start; at < end; at++) {
          const most = driver === oneShotDriver ? 0 : releasable(sample, at)
          for (const bit of bits.map((each) => (each + at) % 8)) {
            const outcome = await driver.decrypt([flipped(message, at, bit)], { ...options, ...more })
            for (const fault of faultsOf(outcome, codes, most))
              faults.push(`bit ${bit} of byte ${at}, ${name}: ${fault}`)
          }
        }
      }
      return faults
    }

    it('opens as long as nobody touches it', async () => {
      expect(sameBytes((await decrypt(message, options)).plaintext, plaintext)).toBe(true)
    })

    it('is refused whole, and by the right code, with any bit turned', async () => {
      expect(await faultsWith(oneShotDriver)).toEqual([])
    })

    it('releases nothing behind a turned bit', async () => {
      expect(await faultsWith(coreDriver)).toEqual([])
    })

    // They share the core, so that one bit of each byte shows what is their own.
    for (const driver of drivers.slice(2)) {
      it(`releases nothing behind a turned bit, by ${driver.name}`, async () => {
        expect(await faultsWith(driver, {}, [0])).toEqual([])
      })
    }

    for (const engine of [webEngine, nobleEngine]) {
      it(`releases nothing behind a turned bit, on the ${engine.name} engine`, async () => {
        expect(await faultsWith(coreDriver, { engine }, [0])).toEqual([])
      })
    }
  })
}
