import { nodeEngine, scrypt } from '@bongtu/crypto/node'
import { describe, expect, it } from 'vitest'
import { passphraseRoot, SCRYPT_COST } from '../../src/hsm/factory.ts'
import { codeOf, flipped, text } from '../hsm/support.ts'

/** The least cost that is allowed, so that the tests are fast. */
const CHEAP = { log2N: 14, r: 8, p: 1 }
const make = { mayCreate: true }

describe('a root from a passphrase', () => {
  it('states its cost and salt in what it seals, as documented', async () => {
    const passphrase = text('correct horse battery')
    const root = await passphraseRoot(passphrase, CHEAP)(make)
    const sealed = Buffer.from(await root.seal(text('the ring')))
    expect(sealed.subarray(0, 6).toString('hex')).toBe('0102' + '0e' + '08' + '0001')
    const key = await scrypt(passphrase, sealed.subarray(6, 38), { N: 2 ** 14, r: 8, p: 1, maxmem: 2 ** 26 })
    const ring = nodeEngine.aesGcm(key).open(sealed.subarray(38, 50), sealed.subarray(50), sealed.subarray(0, 38))
    expect(ring).toEqual(text('the ring'))
  })

  it('opens what the same passphrase sealed in another process, whatever the cost was', async () => {
    const sealed = await (await passphraseRoot(text('correct horse'), CHEAP)(make)).seal(text('the ring'))
    const later = await passphraseRoot(text('correct horse'), { ...CHEAP, p: 2 })({ mayCreate: false })
    expect(await later.open(sealed)).toEqual(text('the ring'))
    const resealed = await later.seal(text('the next'))
    expect(Buffer.from(resealed.subarray(0, 38))).toEqual(Buffer.from(sealed.subarray(0, 38)))
  })

  it('costs 128 MiB by default', () => {
    expect(128 * 2 ** SCRYPT_COST.log2N * SCRYPT_COST.r).toBe(128 * 1024 * 1024)
  })

  it('opens nothing under another passphrase, and nothing that was altered', async () => {
    const root = await passphraseRoot(text('correct horse'), CHEAP)(make)
    const sealed = await root.seal(text('the ring'))
    const other = await passphraseRoot(text('incorrect horse'), CHEAP)(make)
    expect(await codeOf(other.open(sealed))).toBe('wrongRoot')
    for (const at of [0, 1, 3, 4, 5, 6, 37, 38, 49, 50, sealed.length - 1]) {
      expect(await codeOf(root.open(flipped(sealed, at))), `byte ${at}`).toBe('wrongRoot')
    }
  })

  it('refuses a cost that would take more than 1 GiB before it tries', async () => {
    const root = await passphraseRoot(text('correct horse'), CHEAP)(make)
    const sealed = await root.seal(text('the ring'))
    for (const [at, value] of [
      [2, 13],
      [2, 21],
      [2, 255],
      [3, 9],
      [4, 1],
      [5, 0],
    ] as const) {
      const altered = Uint8Array.from(sealed)
      altered[at] = value
      expect(await codeOf(root.open(altered))).toBe('wrongRoot')
    }
  })

  it('refuses a passphrase of fewer than 8 bytes and a cost outside its bounds', async () => {
    expect(() => passphraseRoot(text('1234567'), CHEAP)).toThrow(RangeError)
    expect(() => passphraseRoot(text('correct horse'), { ...CHEAP, log2N: 10 })).toThrow()
  })

  it('keeps its own copy of the passphrase', async () => {
    const passphrase = text('correct horse')
    const source = passphraseRoot(passphrase, CHEAP)
    const sealed = await (await source(make)).seal(text('the ring'))
    passphrase.fill(0)
    expect(await (await source(make)).open(sealed)).toEqual(text('the ring'))
  })
})
