import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SIGNING_ORDER } from '../src/engines/curves.ts'
import { derElements, derSequence } from '../src/engines/der.ts'
import { isStrictDerSignature } from '../src/engines/der-signature.ts'

const bytes = (hexadecimal: string) => new Uint8Array(Buffer.from(`a5${hexadecimal}`, 'hex')).subarray(1)

/** The DER encoding of an INTEGER ≥ 0. */
function integer(value: bigint): number[] {
  const digits = value.toString(16)
  const magnitude = [...Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex')]
  const content = (magnitude[0] ?? 0) < 0x80 ? magnitude : [0, ...magnitude]
  return [0x02, content.length, ...content]
}

function signature(r: bigint, s: bigint): Uint8Array {
  const body = [...integer(r), ...integer(s)]
  return Uint8Array.of(0x30, body.length, ...body)
}

describe('reading DER', () => {
  it('reads elements one after another, with lengths of one, two and three bytes', () => {
    const [short, long, longer] = [5, 0x80, 0x0123].map((length) => 'ab'.repeat(length))
    const elements = derElements(bytes(`0405${short}048180${long}04820123${longer}`))
    expect(elements?.map(({ tag, content }) => [tag, content.length])).toEqual([
      [4, 5],
      [4, 0x80],
      [4, 0x0123],
    ])
  })

  it.each([
    ['a length that is not minimal', '048105abababab'],
    ['a length of two bytes that fits in one', '04820005abababab'],
    ['an indefinite length', '3080040100' + '0000'],
    ['a length of the length that is reserved', '04ff'],
    ['a length of four bytes', '0484000000010a'],
    ['a tag of several bytes', '1f8101010a'],
    ['an end before the content', '0405abab'],
    ['an end before the length', '04'],
    ['an end within the length', '0482'],
    ['a byte behind the last element', '040100' + '04'],
  ])('refuses %s', (_, der) => {
    expect(derElements(bytes(der))).toBeNull()
  })

  it('reads one sequence, not two, nor another element', () => {
    expect(derSequence(bytes('3003020101'))?.length).toBe(1)
    expect(derSequence(bytes('30003000'))).toBeNull()
    expect(derSequence(bytes('3103020101'))).toBeNull()
    expect(derSequence(bytes(''))).toBeNull()
  })

  it('never throws, and answers only views of what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (given) => {
        for (const { content } of derElements(given) ?? []) expect(content.buffer).toBe(given.buffer)
      }),
    )
  })
})

describe.each(['p256', 'p384'] as const)('a strict DER signature of %s', (curve) => {
  const order = SIGNING_ORDER[curve]
  const scalar = fc.oneof(
    fc.bigInt({ min: 1n, max: order - 1n }),
    fc.bigInt({ min: 1n, max: 300n }),
    fc.bigInt({ min: order - 300n, max: order - 1n }),
  )

  it('has any r and s in [1, n-1]', () => {
    fc.assert(fc.property(scalar, scalar, (r, s) => isStrictDerSignature(curve, signature(r, s))))
  })

  it('has no r and no s outside [1, n-1]', () => {
    const outside = fc.oneof(fc.constant(0n), fc.bigInt({ min: order, max: 2n ** 390n }))
    fc.assert(
      fc.property(outside, scalar, (wrong, right) => {
        expect(isStrictDerSignature(curve, signature(wrong, right))).toBe(false)
        expect(isStrictDerSignature(curve, signature(right, wrong))).toBe(false)
      }),
    )
  })

  it('has no other encoding', () => {
    const [r, s] = [integer(order - 1n), integer(5n)]
    const wrapped = (body: readonly number[]) => Uint8Array.of(0x30, body.length, ...body)
    const others = [
      wrapped([...r, ...s, ...s]),
      wrapped(r),
      wrapped([...r, 0x02, 2, 0, 5]),
      wrapped([...r, 0x02, 1, 0x85]),
      wrapped([...r, 0x02, 0]),
      wrapped([...r, 0x03, 1, 5]),
      Uint8Array.of(0x30, 0x81, r.length + s.length, ...r, ...s),
      Uint8Array.of(0x31, r.length + s.length, ...r, ...s),
      Uint8Array.of(...wrapped([...r, ...s]), 0),
    ]
    expect(isStrictDerSignature(curve, wrapped([...r, ...s]))).toBe(true)
    for (const other of others) expect(isStrictDerSignature(curve, other)).toBe(false)
  })
})
