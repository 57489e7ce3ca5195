import { describe, expect, it } from 'vitest'
import { FrameSealer } from '../../src/frame-sealer.ts'
import { decrypt, inspect } from '../../src/index.ts'
import { chunksOf, concat, numbered } from '../support/bytes.ts'
import { craft } from '../support/craft.ts'
import { drivers } from '../support/drivers.ts'
import { codeOf, rejectionCode, thrown } from '../support/errors.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const keyring = toyKeyring()
const MiB = 2 ** 20

describe('V16: numbers at the edges of what the format can say', () => {
  const nonFramed = (length: bigint): Uint8Array => {
    const { message } = craft({ suite: 0x0478, plaintext: numbered(0), frameLength: 0 })
    const bytes = message.slice(0, -16)
    new DataView(bytes.buffer).setBigUint64(bytes.length - 8, length)
    return bytes
  }
  const { keyring: crafted } = craft({ suite: 0x0478, plaintext: numbered(0) })
  const unlimited = { keyring: crafted, maxFrameLength: Number.MAX_SAFE_INTEGER }

  it('a non-framed body may announce up to 2^36 - 32 bytes', async () => {
    for (const length of [1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 36n - 32n]) {
      expect(await rejectionCode(decrypt(nonFramed(length), unlimited)), `${length}`).toBe('ERR_TRUNCATED')
    }
    for (const length of [2n ** 36n - 31n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(await rejectionCode(decrypt(nonFramed(length), unlimited)), `${length}`).toBe('ERR_MALFORMED')
    }
  })

  it('inspect compares such lengths with the file, exactly', async () => {
    for (const length of [0n, 1n, 2n ** 32n, 2n ** 53n, 2n ** 64n - 1n]) {
      const bytes = concat([nonFramed(length), new Uint8Array(16)])
      const { structure, plaintextLength } = await inspect(bytes)
      expect([structure, plaintextLength]).toEqual(length === 0n ? ['whole', 0] : ['cut or extended', null])
    }
  })

  it('a message has at most 2^32 - 1 frames, the last of which is final', () => {
    const aead = { sealFrames: () => {} }
    const make = (): FrameSealer => new FrameSealer(aead as never, new Uint8Array(32), 1)
    const chunk = (length: number): Uint8Array => ({ length }) as Uint8Array
    const reached = new Error('allocated')
    const allocate = (): never => {
      throw reached
    }
    expect(thrown(() => make().push(chunk(2 ** 32 - 1), allocate))).toBe(reached)
    expect(codeOf(thrown(() => make().push(chunk(2 ** 32), allocate)))).toBe('ERR_LIMIT')
    expect(codeOf(thrown(() => make().push(chunk(2 ** 53 - 1), allocate)))).toBe('ERR_LIMIT')
  })

  it('a frame length of 2^32 - 1 holds a small plaintext at the cost of a small one', async () => {
    const before = process.memoryUsage().arrayBuffers
    for (const driver of drivers) {
      const { released } = await driver.encrypt(chunksOf(numbered(1000), 100), { keyring, frameLength: 2 ** 32 - 1 })
      const options = { keyring, maxFrameLength: 2 ** 32 - 1 }
      expect((await driver.decrypt([released], options)).released).toEqual(numbered(1000))
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MiB)
  })
})
