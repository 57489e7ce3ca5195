import { describe, expect, it } from 'vitest'
import { decrypt } from '../src/index.ts'
import { concat } from './support/bytes.ts'
import { coreDriver, drivers, oneShotDriver } from './support/drivers.ts'
import { rejectionCode } from './support/errors.ts'
import { FRAME_LENGTH, faultsOf, plaintext, releasable, sampleOf } from './support/samples.ts'
import { fourKinds, kindOf } from './support/suites.ts'

for (const suite of fourKinds) {
  describe(`${kindOf(suite)}`, async () => {
    const sample = await sampleOf(suite)
    const { message, options } = sample

    it('is refused as truncated wherever it is cut, and releases whole verified frames only', async () => {
      const faults: string[] = []
      for (let length = 0; length < message.length; length++) {
        for (const driver of drivers) {
          const outcome = await driver.decrypt([message.slice(0, length)], options)
          const most = driver === oneShotDriver ? 0 : releasable(sample, length)
          for (const fault of faultsOf(outcome, ['ERR_TRUNCATED'], most)) {
            faults.push(`${length} bytes by ${driver.name}: ${fault}`)
          }
        }
      }
      expect(faults).toEqual([])
    })

    it('is refused with bytes behind its end', async () => {
      for (const extra of [Uint8Array.of(0), message, sample.frames[0] ?? message]) {
        for (const driver of drivers) {
          const outcome = await driver.decrypt([message, extra], options)
          expect(faultsOf(outcome, ['ERR_MALFORMED'], plaintext.length)).toEqual([])
        }
      }
    })

    const inOrder = sample.frames
    const [first, second, third, final] = inOrder as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const rearranged: Readonly<Record<string, readonly Uint8Array[]>> = {
      'two frames that changed places': [first, third, second, final],
      'the first frame missing': [second, third, final],
      'a middle frame missing': [first, third, final],
      'the last regular frame missing': [first, second, final],
      'all regular frames missing': [final],
      'a frame twice': [first, second, second, third, final],
      'the final frame in front': [final, first, second, third],
      'two final frames': [first, second, third, final, final],
      'no final frame': [first, second, third],
      'no frame at all': [],
    }
    for (const [what, frames] of Object.entries(rearranged)) {
      it(`is refused with ${what}`, async () => {
        const broken = concat([sample.header, ...frames, sample.footer])
        const different = frames.findIndex((frame, index) => frame !== inOrder[index])
        const intact = concat([sample.header, ...(different === -1 ? frames : frames.slice(0, different))])
        const codes = what.startsWith('no ') ? ['ERR_TRUNCATED', 'ERR_MALFORMED'] : ['ERR_MALFORMED']
        expect(codes).toContain(await rejectionCode(decrypt(broken, options)))
        for (const driver of drivers.slice(1)) {
          const outcome = await driver.decrypt([broken], options)
          expect(faultsOf(outcome, codes, releasable(sample, intact.length))).toEqual([])
        }
      })
    }

    it('is refused with a frame of another message in it, even of one under the same data key', async () => {
      const other = await sampleOf(suite)
      for (const index of inOrder.keys()) {
        const frames = inOrder.with(index, other.frames[index] ?? first)
        const outcome = await coreDriver.decrypt([concat([sample.header, ...frames, sample.footer])], options)
        expect(faultsOf(outcome, ['ERR_AUTHENTICATION'], index * FRAME_LENGTH)).toEqual([])
      }
    })

    it('is refused with the header or the footer of another message', async () => {
      const other = await sampleOf(suite)
      const mixes = [concat([other.header, ...inOrder, sample.footer])]
      if (suite.signature !== null) mixes.push(concat([sample.header, ...inOrder, other.footer]))
      for (const mixed of mixes) expect(await rejectionCode(decrypt(mixed, options))).toBe('ERR_AUTHENTICATION')
    })
  })
}
