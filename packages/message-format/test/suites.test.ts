import { describe, expect, it } from 'vitest'
import { algorithmSuites, BongtuError, suiteById, suiteHex, suiteNamed } from '../src/index.ts'

/** algorithm-suites.md, written out: id, version, key length, KDF, committing, curve, longest and usual signature. */
const specified = [
  ['0014', 1, 16, null, false, null],
  ['0046', 1, 24, null, false, null],
  ['0078', 1, 32, null, false, null],
  ['0114', 1, 16, 'sha256', false, null],
  ['0146', 1, 24, 'sha256', false, null],
  ['0178', 1, 32, 'sha256', false, null],
  ['0214', 1, 16, 'sha256', false, 'p256 72 71'],
  ['0346', 1, 24, 'sha384', false, 'p384 104 103'],
  ['0378', 1, 32, 'sha384', false, 'p384 104 103'],
  ['0478', 2, 32, 'sha512', true, null],
  ['0578', 2, 32, 'sha512', true, 'p384 104 103'],
]

describe('the suite table', () => {
  it('holds the eleven suites of the specification', () => {
    const rows = algorithmSuites.map(({ id, messageVersion, dataKeyLength, kdf, committing, signature }) => [
      suiteHex(id),
      messageVersion,
      dataKeyLength,
      kdf,
      committing,
      signature && `${signature.curve} ${signature.maxSignatureLength} ${signature.usualSignatureLength}`,
    ])
    expect(rows).toEqual(specified)
  })

  it('gives every suite by its id, and nothing else', () => {
    const found: number[] = []
    for (let id = 0; id <= 0xffff; id++) {
      try {
        found.push(suiteById(id).id)
      } catch (error) {
        if (!BongtuError.is(error, 'ERR_UNSUPPORTED')) throw error
      }
    }
    expect(found).toEqual(algorithmSuites.map(({ id }) => id))
  })

  it.each([0x0000, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x6700, 0x6701])(
    'refuses the id %i that is reserved or belongs to another product',
    (id) => {
      expect(() => suiteById(id)).toThrow(expect.objectContaining({ code: 'ERR_UNSUPPORTED' }))
    },
  )

  it('takes a suite from a caller by name, number and hexadecimal', () => {
    for (const name of ['AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384', 0x0578, '0578', '0x0578', '0X0578']) {
      expect(suiteNamed(name).id).toBe(0x0578)
    }
  })

  it.each(['', '578', '0x578', '00578', '0578 ', 'toString', '__proto__', 0x6700, Number.NaN])(
    'refuses %j as the name of a suite with a RangeError',
    (name) => {
      expect(() => suiteNamed(name)).toThrow(RangeError)
    },
  )

  it('cannot be changed', () => {
    expect(Object.isFrozen(algorithmSuites)).toBe(true)
    expect(algorithmSuites.every((suite) => Object.isFrozen(suite))).toBe(true)
    expect(algorithmSuites.every(({ signature }) => signature === null || Object.isFrozen(signature))).toBe(true)
  })
})
