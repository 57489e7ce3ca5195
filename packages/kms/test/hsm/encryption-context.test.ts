import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEncryptionContext } from '../../src/hsm/encryption-context.ts'
import { codeOf, freshHsm, KEY_A, newBackingKey, text } from './support.ts'

const contexts = fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), fc.string({ maxLength: 6 }), { maxKeys: 4 })
const wellFormed = contexts.filter(
  (context) => !/\p{Surrogate}/u.test(JSON.stringify(Object.entries(context)) + Object.keys(context).join('|')),
)

function sorted(context: Record<string, string>): string {
  return JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('the encryption context', () => {
  it('§9.6 encodes different contexts differently and equal ones equally', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (a, b) => {
        const same = Buffer.compare(encodeEncryptionContext(a), encodeEncryptionContext(b)) === 0
        expect(same).toBe(sorted(a) === sorted(b))
      }),
    )
  })

  it('§9.6 does not care for the order of the pairs', () => {
    fc.assert(
      fc.property(wellFormed, (context) => {
        const reversed = Object.fromEntries(Object.entries(context).reverse())
        expect(encodeEncryptionContext(reversed)).toEqual(encodeEncryptionContext(context))
      }),
    )
  })

  it('orders by UTF-8 bytes, not by UTF-16 units', () => {
    const encoded = Buffer.from(encodeEncryptionContext({ '\u{1f600}': '', '\uffee': '' }))
    expect(encoded.toString('hex')).toBe('00000003efbfae0000000000000004f09f988000000000')
  })

  it.each<[Record<string, string>, Record<string, string>]>([
    [{ a: 'bc' }, { ab: 'c' }],
    [{ a: 'b', c: 'd' }, { a: 'bcd' }],
    [{ a: 'b', c: 'd' }, { ab: 'cd' }],
    [{ A: 'b' }, { a: 'b' }],
    [{ a: 'b' }, { a: 'B' }],
    [{ a: '' }, {}],
  ])('§9.6 a blob under %o does not open under %o', async (written, read) => {
    const { hsm } = await freshHsm()
    const ref = await newBackingKey(hsm, KEY_A)
    const { ciphertextBlob } = await hsm.execute('encrypt', {
      ...ref,
      plaintext: text('x'),
      encryptionContext: written,
    })
    const open = (encryptionContext: Record<string, string>) =>
      hsm.execute('decrypt', { ...ref, ciphertextBlob, encryptionContext })
    expect(await codeOf(open(read))).toBe('invalidCiphertext')
    expect((await open(written)).plaintext).toEqual(text('x'))
  })

  it('§9.6 is neither in the blob nor in the answer of a decryption', async () => {
    const { hsm } = await freshHsm()
    const ref = await newBackingKey(hsm, KEY_A)
    const encryptionContext = { department: 'finance-and-controlling' }
    const { ciphertextBlob } = await hsm.execute('encrypt', { ...ref, plaintext: text('x'), encryptionContext })
    expect(Buffer.from(ciphertextBlob).includes('finance')).toBe(false)
    expect(Object.keys(await hsm.execute('decrypt', { ...ref, ciphertextBlob, encryptionContext }))).toEqual([
      'plaintext',
    ])
  })

  it('refuses what has no UTF-8, what is no text, and more than 64 KiB', async () => {
    const { hsm } = await freshHsm()
    const ref = await newBackingKey(hsm, KEY_A)
    const use = (encryptionContext: Record<string, string>) =>
      codeOf(hsm.execute('encrypt', { ...ref, plaintext: text('x'), encryptionContext }))
    expect(await use({ a: '\ud800' })).toBe('invalidParameter')
    expect(await use({ '\udc00': 'b' })).toBe('invalidParameter')
    expect(await use({ a: 5 as unknown as string })).toBe('invalidParameter')
    expect(await use({ a: 'x'.repeat(65_536) })).toBe('invalidParameter')
  })
})
