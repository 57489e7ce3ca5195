import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEncryptionContext, encodeEncryptionContext, encryptionContext } from '../src/index.ts'
import { concat, hex, offsetView, toHex, uint } from './support/messages.ts'

const utf8 = new TextEncoder()
const refuses = (code: string): unknown => expect.objectContaining({ code })

/** They hold pairs that `Object.entries` does not see, so that a check against them would check nothing. */
const withoutOwnPairs: Readonly<Record<string, () => unknown>> = {
  'a Map': () => new Map([['tenant', 'acme']]),
  'URL parameters': () => new URLSearchParams('tenant=acme'),
  Headers: () => new Headers({ tenant: 'acme' }),
  'an object with accessors of its class': () =>
    new (class {
      get tenant(): string {
        return 'acme'
      }
    })(),
  'an object that inherits its pairs': () => Object.create({ tenant: 'acme' }),
  'an object that inherits its pairs from one without a prototype': () =>
    Object.create(encryptionContext({ tenant: 'acme' })),
}

/** Pairs written as given: no sorting, no checks. */
function raw(count: number, ...fields: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = fields.map((field) => (typeof field === 'string' ? utf8.encode(field) : field))
  return concat(uint(count, 2), ...bytes.flatMap((field) => [uint(field.length, 2), field]))
}

describe('encryptionContext', () => {
  it('copies, freezes and has no prototype', () => {
    const pairs = { b: '2', a: '1' }
    const context = encryptionContext(pairs)
    pairs.a = 'changed'
    expect(Object.entries(context)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    expect(Object.isFrozen(context)).toBe(true)
    expect(Object.getPrototypeOf(context)).toBeNull()
  })

  it('takes __proto__, constructor and toString for keys like others', () => {
    const pairs = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}')
    const context = encryptionContext(pairs)
    expect(Object.entries(context)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
    ])
    expect(decodeEncryptionContext(encodeEncryptionContext(context))).toEqual(context)
    expect('hasOwnProperty' in context).toBe(false)
  })

  it('takes enumerable pairs only', () => {
    const pairs = Object.create(null, { hidden: { value: 'x' }, own: { value: '1', enumerable: true } })
    expect(Object.keys(encryptionContext(pairs))).toEqual(['own'])
  })

  it('takes plain objects of another realm', () => {
    const pairs = runInNewContext('({ b: "2", a: "1" })') as Record<string, string>
    expect(Object.keys(encryptionContext(pairs))).toEqual(['a', 'b'])
  })

  it.each(Object.entries(withoutOwnPairs))('refuses %s, whose pairs would be lost without a word', (_, make) => {
    for (const take of [encryptionContext, encodeEncryptionContext]) {
      expect(() => take(make() as never)).toThrow(/plain object.*Object\.fromEntries/)
      expect(() => take(make() as never)).toThrow(TypeError)
    }
  })

  it.each([[1], [null], [undefined], [{}], [new String('x')]])('refuses the value %j with a TypeError', (value) => {
    expect(() => encryptionContext({ key: value } as never)).toThrow(TypeError)
  })

  it.each([[null], [undefined], ['text'], [['a']], [1]])('refuses %j as a context with a TypeError', (pairs) => {
    expect(() => encryptionContext(pairs as never)).toThrow(TypeError)
  })

  it.each([[{ '\ud800': 'v' }], [{ k: '\udc00' }], [{ k: 'a\ud83d' }], [{ k: '\ude00\ud83d' }]])(
    'refuses a surrogate without its other half in %j',
    (pairs) => {
      expect(() => encryptionContext(pairs)).toThrow(refuses('ERR_CONTEXT'))
    },
  )

  it('takes a key or value of the longest length that fits, and refuses one byte more', () => {
    const longest = 'x'.repeat(65535 - 2 - 4)
    expect(encodeEncryptionContext(encryptionContext({ [longest]: '' })).length).toBe(65535)
    expect(encodeEncryptionContext(encryptionContext({ '': longest })).length).toBe(65535)
    for (const pairs of [{ [`${longest}x`]: '' }, { '': `${longest}x` }, { k: 'x'.repeat(65536) }]) {
      expect(() => encryptionContext(pairs)).toThrow(refuses('ERR_CONTEXT'))
    }
  })

  it('counts bytes of UTF-8, not characters', () => {
    expect(() => encryptionContext({ k: '봉'.repeat(21844) })).toThrow(refuses('ERR_CONTEXT'))
    expect(encodeEncryptionContext(encryptionContext({ k: '봉'.repeat(21842) })).length).toBe(7 + 3 * 21842)
  })

  it('names the key but never the value in an error', () => {
    expect(() => encryptionContext({ tenant: 'hush\ud800' })).toThrow(/^(?=.*tenant)(?!.*hush)/)
    expect(() => encryptionContext({ tenant: 42 } as never)).toThrow(/^(?=.*tenant)(?!.*42)/)
  })
})

describe('encodeEncryptionContext', () => {
  it('writes nothing for an empty context', () => {
    expect(encodeEncryptionContext(encryptionContext({}))).toEqual(new Uint8Array(0))
  })

  it('writes count, lengths, keys and values', () => {
    const bytes = encodeEncryptionContext(encryptionContext({ 봉: 't', a: '' }))
    expect(toHex(bytes)).toBe(toHex(hex('0002  0001 61 0000  0003 ebb489 0001 74')))
  })

  it('sorts by the bytes of UTF-8, not by UTF-16 units, locale or index', () => {
    const keys = ['\u{1f600}', '\uff5e', 'z', 'Z', 'ä', '10', '9', 'zz', '']
    const context = encryptionContext(Object.fromEntries(keys.map((key) => [key, ''])))
    const order = ['', '10', '9', 'Z', 'z', 'zz', 'ä', '\uff5e', '\u{1f600}']
    expect(toHex(encodeEncryptionContext(context))).toBe(toHex(raw(9, ...order.flatMap((key) => [key, '']))))
    expect('\uff5e' < '\u{1f600}').toBe(false)
  })

  it('sorts whatever object it is given', () => {
    expect(encodeEncryptionContext({ b: '1', a: '2' })).toEqual(raw(2, 'a', '2', 'b', '1'))
  })

  it('answers bytes that the caller may change', () => {
    const context = encryptionContext({ a: '1' })
    encodeEncryptionContext(context).fill(0xff)
    expect(encodeEncryptionContext(context)).toEqual(raw(1, 'a', '1'))
  })

  it('checks whatever object it is given', () => {
    expect(() => encodeEncryptionContext({ k: '\ud800' })).toThrow(refuses('ERR_CONTEXT'))
    expect(() => encodeEncryptionContext({ k: 1 } as never)).toThrow(TypeError)
  })
})

describe('decodeEncryptionContext', () => {
  it('is the inverse of encoding', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 10 }), (pairs) => {
        const context = encryptionContext(pairs)
        const bytes = encodeEncryptionContext(context)
        expect(decodeEncryptionContext(offsetView(bytes))).toEqual(context)
        expect(encodeEncryptionContext(decodeEncryptionContext(bytes))).toEqual(bytes)
      }),
    )
  })

  it('keeps a byte order mark, which is a character of the key', () => {
    const context = decodeEncryptionContext(raw(2, '\ufeffkey', 'with', 'key', 'without'))
    expect(context).toEqual(encryptionContext({ '\ufeffkey': 'with', key: 'without' }))
  })

  it('reads pairs in another order, which early writers left', () => {
    const utf16Order = raw(2, '\u{1f600}', '1', '\uff5e', '2')
    expect(Object.keys(decodeEncryptionContext(utf16Order))).toEqual(['\uff5e', '\u{1f600}'])
  })

  it('reads a count of zero as an empty context', () => {
    expect(decodeEncryptionContext(hex('0000'))).toEqual(encryptionContext({}))
    expect(decodeEncryptionContext(new Uint8Array(0))).toEqual(encryptionContext({}))
  })

  it('reads empty keys and values', () => {
    expect(decodeEncryptionContext(raw(1, '', ''))).toEqual(encryptionContext({ '': '' }))
  })

  it.each([
    ['a key twice', raw(2, 'a', '1', 'a', '1')],
    ['a key twice, apart', raw(3, 'a', '1', 'b', '1', 'a', '2')],
    ['__proto__ twice', raw(2, '__proto__', '1', '__proto__', '2')],
    ['half a count', hex('00')],
    ['a count without pairs', hex('0001')],
    ['a key without a value', raw(1, 'a')],
    ['half a length', concat(raw(1, 'a'), hex('00'))],
    ['a key that reaches beyond the end', hex('0001 0002 61')],
    ['a value that reaches beyond the end', hex('0001 0001 61 ffff 62')],
    ['fewer pairs than announced', raw(3, 'a', '1', 'b', '1')],
    ['more pairs than announced', raw(1, 'a', '1', 'b', '1')],
    ['a byte behind the last pair', concat(raw(1, 'a', '1'), hex('00'))],
    ['a byte behind a count of zero', hex('000000')],
    ['a key that is not UTF-8', raw(1, hex('ff'), '')],
    ['a value that is not UTF-8', raw(1, 'a', hex('c3'))],
    ['an overlong encoding', raw(1, hex('c080'), '')],
    ['a surrogate written as three bytes', raw(1, hex('eda080'), '')],
    ['a code point over U+10FFFF', raw(1, hex('f4908080'), '')],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeEncryptionContext(offsetView(bytes))).toThrow(refuses('ERR_MALFORMED'))
  })

  it('says what is wrong without the context’s values', () => {
    expect(() => decodeEncryptionContext(hex('0001 0001 61 ffff 62'))).toThrow(/a key or value reaches beyond its end/)
    expect(() => decodeEncryptionContext(raw(2, 'k', 'hush', 'k', 'hush'))).toThrow(/^(?=.*"k" stands twice)(?!.*hush)/)
    expect(() => decodeEncryptionContext(raw(2, 'k'.repeat(999), '', 'k'.repeat(999), ''))).toThrow(/"k{64}…" stands/)
  })

  it('never reads or answers outside of the bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const context = decodeEncryptionContext(offsetView(bytes))
          expect(encodeEncryptionContext(context).length).toBe(bytes.length === 2 ? 0 : bytes.length)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_MALFORMED' })
        }
      }),
    )
  })
})
