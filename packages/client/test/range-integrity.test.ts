import { describe, expect, it } from 'vitest'
import { encrypt, openRange } from '../src/index.ts'
import { concat, flipped, numbered } from './support/bytes.ts'
import { craft, derSignature } from './support/craft.ts'
import { codeOf, rejection, rejectionCode } from './support/errors.ts'
import { expectedCodes } from './support/expected-codes.ts'
import { dissect } from './support/fields.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const unverified = 'release'
const plaintext = numbered(1000)
const unsigned = await encrypt(plaintext, { keyring, frameLength: 64, algorithmSuite: 0x0478 })
const signed = await encrypt(plaintext, { keyring, frameLength: 64 })

describe('a message that was cut or extended', () => {
  it('is refused at whatever byte it ends', async () => {
    const { ciphertext } = await encrypt(numbered(70), { keyring, frameLength: 16, algorithmSuite: 0x0478 })
    for (let length = 0; length < ciphertext.length; length++) {
      const code = await rejectionCode(openRange(ciphertext.slice(0, length), { keyring }))
      expect(['ERR_TRUNCATED', 'ERR_MALFORMED', 'ERR_AUTHENTICATION'], `${length}`).toContain(code)
    }
    for (const extra of [numbered(1), numbered(48), ciphertext, dissect(ciphertext).frames[0] ?? ciphertext]) {
      const code = await rejectionCode(openRange(concat([ciphertext, extra]), { keyring }))
      expect(['ERR_MALFORMED', 'ERR_AUTHENTICATION']).toContain(code)
    }
  })

  it('is refused in the same way when it is signed', async () => {
    const { ciphertext } = await encrypt(numbered(40), { keyring, frameLength: 16 })
    for (let length = 0; length < ciphertext.length; length++) {
      const code = await rejectionCode(openRange(ciphertext.slice(0, length), { keyring, unverified }))
      expect(['ERR_TRUNCATED', 'ERR_MALFORMED', 'ERR_AUTHENTICATION'], `${length}`).toContain(code)
    }
    expect(await rejectionCode(openRange(concat([ciphertext, numbered(1)]), { keyring, unverified }))).toBe(
      'ERR_MALFORMED',
    )
  })

  it('is refused without any frame of the middle, or with its frames in another order, once they are read', async () => {
    const { header, frames } = dissect(unsigned.ciphertext)
    const [first, second, ...rest] = frames as [Uint8Array, Uint8Array, ...Uint8Array[]]
    expect(await rejectionCode(openRange(concat([header, first, ...rest]), { keyring }))).toBe('ERR_MALFORMED')
    const swapped = await openRange(concat([header, second, first, ...rest]), { keyring })
    expect(await rejectionCode(swapped.read(0, 10))).toBe('ERR_MALFORMED')
    expect(await swapped.read(128, 130)).toEqual(plaintext.subarray(128, 130))
  })
})

describe('a message that was altered', () => {
  it('is refused where the altered byte is read, and only there', async () => {
    const { fields } = dissect(unsigned.ciphertext)
    const frameOf = (index: number) => fields.filter(({ name }) => name === 'content')[index]
    const third = frameOf(2)
    const altered = flipped(unsigned.ciphertext, third?.start ?? 0, 3)
    const range = await openRange(altered, { keyring })
    expect(await range.read(0, 128)).toEqual(plaintext.subarray(0, 128))
    for (const [start, end] of [
      [128, 129],
      [0, 1000],
      [191, 192],
    ] as const) {
      expect(await rejectionCode(range.read(start, end))).toBe('ERR_AUTHENTICATION')
    }
  })

  it('is refused at once where header or final frame are', async () => {
    const { header, frames, fields } = dissect(unsigned.ciphertext)
    const finalStart = unsigned.ciphertext.length - (frames.at(-1)?.length ?? 0)
    const faults: string[] = []
    for (const { name, start, end } of fields.filter((each) => each.end <= header.length || each.start >= finalStart)) {
      // The tag of the header is verified before a frame length is believed.
      const codes = name === 'frame length' ? ['ERR_AUTHENTICATION'] : expectedCodes(name)
      for (let at = start; at < end; at++) {
        const code = await rejectionCode(openRange(flipped(unsigned.ciphertext, at, at % 8), { keyring }))
        if (!codes.includes(code)) faults.push(`byte ${at}, ${name}: ${code}`)
      }
    }
    expect(faults).toEqual([])
  })
})

it('a final frame that is another one when it is read again is refused', async () => {
  const bytes = unsigned.ciphertext.slice()
  const range = await openRange(bytes, { keyring })
  expect(await range.read(990)).toEqual(plaintext.subarray(990))
  const { fields } = dissect(bytes)
  for (const name of ['final marker', 'final sequence', 'final length', 'final content', 'final tag']) {
    const { start = 0 } = fields.find((each) => each.name === name) ?? {}
    bytes.set(flipped(unsigned.ciphertext, start, 0))
    const code = name.endsWith('content') || name.endsWith('tag') ? 'ERR_AUTHENTICATION' : 'ERR_MALFORMED'
    expect(await rejectionCode(range.read(990)), name).toBe(code)
  }
})

describe('signed messages', () => {
  it('need an explicit opt-in, and no keyring is asked without it', async () => {
    const observed = toyKeyring()
    for (const options of [{ keyring: observed }, { keyring: observed, unverified: 'refuse' }] as const) {
      expect(await rejectionCode(openRange(signed.ciphertext, options))).toBe('ERR_POLICY')
    }
    expect(observed.unwrapped).toHaveLength(0)
  })

  it('are read whatever the length of their signature', async () => {
    for (const [suite, longest] of [
      [0x0578, 104],
      [0x0214, 72],
    ] as const) {
      for (let length = 8; length <= longest; length++) {
        const signature = ofLength(length)
        expect(signature).toHaveLength(length)
        const wanted = { suite, plaintext: numbered(100), sign: () => signature }
        const { message, keyring: crafted } = craft(wanted)
        const options = { keyring: crafted, commitmentPolicy: 'require-encrypt-allow-decrypt', unverified } as const
        const range = await openRange(message, options)
        expect(await range.read(90)).toEqual(numbered(100).subarray(90))
      }
    }
  })

  it('are found by the tag where more than one place looks like the final frame', async () => {
    // The signature holds what, read as a footer's length, makes every shorter footer plausible by its length.
    const sign = (): Uint8Array => Uint8Array.from({ length: 104 }, (_, at) => (at % 2 === 0 ? 0 : 102 - at))
    const { message, keyring: crafted } = craft({ suite: 0x0578, plaintext: numbered(33), sign })
    const range = await openRange(message, { keyring: crafted, unverified })
    expect(await range.read(0)).toEqual(numbered(33))
  })
})

it('a non-framed message is refused with advice, before any keyring is asked', async () => {
  const { message } = craft({ suite: 0x0478, plaintext: numbered(33), frameLength: 0 })
  const observed = toyKeyring()
  const error = await rejection(openRange(message, { keyring: observed }))
  expect(codeOf(error)).toBe('ERR_UNSUPPORTED')
  expect(String(error)).toContain('decrypt')
  expect(observed.unwrapped).toHaveLength(0)
})

/** A DER signature of that many bytes, however wrong. */
function ofLength(length: number): Uint8Array {
  const scalar = (bytes: number): bigint => (bytes === 1 ? 1n : 1n << BigInt(8 * (bytes - 1)))
  const [r, s] = [Math.floor((length - 6) / 2), Math.ceil((length - 6) / 2)]
  return derSignature(scalar(r), scalar(s))
}
