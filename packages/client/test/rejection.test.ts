import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { type AlgorithmSuite, type DecryptOptions, decrypt, encrypt } from '../src/index.ts'
import { concat, flipped, isPrefixOf, numbered, sameBytes } from './support/bytes.ts'
import { coreDriver, type Driver, drivers, type Outcome } from './support/drivers.ts'
import { codeOf, rejectionCode } from './support/errors.ts'
import { expectedCodes } from './support/expected-codes.ts'
import { type Dissected, dissect, type Field } from './support/fields.ts'
import { fourKinds, kindOf, policyFor } from './support/suites.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const FRAME_LENGTH = 8
const plaintext = numbered(3 * FRAME_LENGTH + 3)
const keyring = toyKeyring()

interface Sample extends Dissected {
  readonly suite: AlgorithmSuite
  readonly message: Uint8Array
  readonly options: DecryptOptions
}

async function sampleOf(suite: AlgorithmSuite): Promise<Sample> {
  const { algorithmSuite, commitmentPolicy } = policyFor(suite)
  const options = { keyring, commitmentPolicy }
  const format = { algorithmSuite, encryptionContext: { a: 'b' }, frameLength: FRAME_LENGTH }
  const { ciphertext: message } = await encrypt(plaintext, { ...options, ...format })
  return { ...dissect(message), suite, message, options }
}

/**
 * decrypt.md: how much plaintext may come out where bytes are intact up to `offset` only. Nothing before the header's
 * tag, a regular frame once its own tag verified, and of a signed message the final frame only once everything did.
 */
function releasable({ header, frames, footer }: Dissected, offset: number): number {
  let end = header.length
  let released = 0
  for (const [index, frame] of frames.entries()) {
    end += frame.length
    const final = index === frames.length - 1
    if (offset < (final ? end + footer.length : end)) return released
    released += final ? plaintext.length - index * FRAME_LENGTH : FRAME_LENGTH
  }
  return released
}

function expectOnlyVerified({ released }: Outcome, most: number): void {
  expect(released.length).toBeLessThanOrEqual(most)
  expect(isPrefixOf(released, plaintext)).toBe(true)
}

/** All drivers on every bit would prove little more than the core that they share: the others get each byte once. */
const bitsFor = (driver: Driver, at: number): readonly number[] =>
  driver === coreDriver ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8]

for (const suite of fourKinds) {
  describe(`${kindOf(suite)}`, async () => {
    const sample = await sampleOf(suite)
    const { message, options } = sample
    const fieldAt = (at: number): Field =>
      sample.fields.find(({ start, end }) => start <= at && at < end) ?? { name: 'none', start: 0, end: 0 }

    it('opens as long as nobody touches it', async () => {
      expect(sameBytes((await decrypt(message, options)).plaintext, plaintext)).toBe(true)
    })

    it('is refused whole, and by the right code, with any bit turned', async () => {
      for (let at = 0; at < message.length; at++) {
        const { name } = fieldAt(at)
        for (let bit = 0; bit < 8; bit++) {
          const code = await rejectionCode(decrypt(flipped(message, at, bit), options))
          expect(expectedCodes(name), `bit ${bit} of byte ${at}, in ${name}`).toContain(code)
        }
      }
    })

    for (const driver of drivers.slice(1)) {
      it(`releases nothing behind a turned bit, by ${driver.name}`, async () => {
        for (let at = 0; at < message.length; at++) {
          const { name } = fieldAt(at)
          for (const bit of bitsFor(driver, at)) {
            const outcome = await driver.decrypt([flipped(message, at, bit)], options)
            expect(expectedCodes(name), `bit ${bit} of byte ${at}, in ${name}`).toContain(codeOf(outcome.error))
            expectOnlyVerified(outcome, releasable(sample, at))
          }
        }
      })
    }

    for (const engine of [webEngine, nobleEngine]) {
      it(`is refused and releases nothing behind a turned bit on the ${engine.name} engine too`, async () => {
        for (let at = 0; at < message.length; at++) {
          const { name } = fieldAt(at)
          const altered = flipped(message, at, at % 8)
          const outcome = await coreDriver.decrypt([altered], { ...options, engine })
          expect(expectedCodes(name), `bit ${at % 8} of byte ${at}, in ${name}`).toContain(codeOf(outcome.error))
          expectOnlyVerified(outcome, releasable(sample, at))
        }
      })
    }

    it('is refused as truncated wherever it is cut, and releases whole verified frames only', async () => {
      for (let length = 0; length < message.length; length++) {
        const cut = message.slice(0, length)
        expect(await rejectionCode(decrypt(cut, options)), `${length} bytes`).toBe('ERR_TRUNCATED')
        for (const driver of drivers.slice(1)) {
          const outcome = await driver.decrypt([cut], options)
          expect(codeOf(outcome.error), `${length} bytes by ${driver.name}`).toBe('ERR_TRUNCATED')
          expectOnlyVerified(outcome, releasable(sample, length))
        }
      }
    })

    it('is refused with bytes behind its end', async () => {
      for (const extra of [Uint8Array.of(0), message, sample.frames[0] ?? message]) {
        for (const driver of drivers) {
          const outcome = await driver.decrypt([message, extra], options)
          expect(codeOf(outcome.error)).toBe('ERR_MALFORMED')
          expectOnlyVerified(outcome, plaintext.length)
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
          expect(codes).toContain(codeOf(outcome.error))
          expectOnlyVerified(outcome, releasable(sample, intact.length))
        }
      })
    }

    it('is refused with a frame of another message in it, even of one under the same data key', async () => {
      const other = await sampleOf(suite)
      for (const index of inOrder.keys()) {
        const frames = inOrder.with(index, other.frames[index] ?? first)
        const outcome = await coreDriver.decrypt([concat([sample.header, ...frames, sample.footer])], options)
        expect(codeOf(outcome.error)).toBe('ERR_AUTHENTICATION')
        expectOnlyVerified(outcome, index * FRAME_LENGTH)
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
