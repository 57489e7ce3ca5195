import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { bytes, limitOrFalse, oneOf, readOptions, record, wholeNumber } from '../src/options.ts'

interface Options {
  readonly policy?: string
  readonly limit?: number
}

const known = { policy: true, limit: true } as const
const read = (options: Options): Options => readOptions('call', options, known)

/** Runs while `Object.prototype` (or another prototype) has this property. */
function polluted<T>(name: string, value: unknown, run: () => T, prototype: object = Object.prototype): T {
  Object.defineProperty(prototype, name, { value, configurable: true, enumerable: true, writable: true })
  try {
    return run()
  } finally {
    Reflect.deleteProperty(prototype, name)
  }
}

describe('options are read', () => {
  it('into a record without a prototype', () => {
    const options = read({ limit: 1 })
    expect(Object.getPrototypeOf(options)).toBeNull()
    expect({ ...options }).toEqual({ limit: 1 })
    expect(polluted('policy', 'off', () => options.policy)).toBeUndefined()
  })

  it('never from Object.prototype', () => {
    expect(polluted('policy', 'off', () => ({ ...read({ limit: 1 }) }))).toEqual({ limit: 1 })
    class Settings {
      readonly limit = 2
    }
    expect(polluted('policy', 'off', () => ({ ...read(new Settings()) }))).toEqual({ limit: 2 })
  })

  it('never from the Object.prototype of another realm', () => {
    const foreign = runInNewContext('({ limit: 3 })') as Options
    const prototype = Object.getPrototypeOf(foreign) as object
    expect(polluted('policy', 'off', () => ({ ...read(foreign) }), prototype)).toEqual({ limit: 3 })
  })

  it('from the classes of the object, also from one that extends null', () => {
    class Base {
      get policy(): string {
        return 'strict'
      }
    }
    class Settings extends Base {
      limit = 4
    }
    expect({ ...read(new Settings()) }).toEqual({ limit: 4, policy: 'strict' })
    const own = Object.create(Object.create(null, { policy: { value: 'strict' } })) as Options
    expect({ ...read(own) }).toEqual({ policy: 'strict' })
  })

  it('from an object without a prototype', () => {
    expect({ ...read(Object.assign(Object.create(null) as Options, { limit: 5 })) }).toEqual({ limit: 5 })
  })

  it('once each, so that a getter runs once and cannot answer two ways', () => {
    let reads = 0
    const options = {
      get limit() {
        reads += 1
        return reads
      },
    }
    expect(read(options).limit).toBe(1)
    expect(reads).toBe(1)
  })

  it('without those that are undefined', () => {
    expect(Object.keys(read({ policy: undefined as unknown as string, limit: 6 }))).toEqual(['limit'])
  })
})

describe('options are refused', () => {
  it('with a TypeError that names an unknown one and the known ones', () => {
    expect(() => read({ polcy: 'strict' } as Options)).toThrow(
      new TypeError('call has no option polcy; its options are policy, limit'),
    )
  })

  it('where they are not an object', () => {
    for (const [given, got] of [
      [null, 'null'],
      ['text', 'a string'],
      [[], 'an array'],
      [7, 'a number'],
    ]) {
      expect(() => read(given as Options)).toThrow(new TypeError(`call takes an object of options, got ${got}`))
    }
  })
})

describe('an error about an option says what it must be, and what it is', () => {
  const cases: readonly (readonly [() => unknown, Error])[] = [
    [() => wholeNumber('limit', '7', 1, 9), new TypeError('limit must be a whole number, got a string')],
    [() => wholeNumber('limit', 1.5, 1, 9), new RangeError('limit must be a whole number from 1 to 9, got 1.5')],
    [() => limitOrFalse('limit', true, 1), new TypeError('limit must be a whole number, got a boolean')],
    [() => oneOf('mode', 'c', ['a', 'b']), new TypeError('mode must be one of a, b, got another string')],
    [() => oneOf('mode', null, ['a', 'b']), new TypeError('mode must be one of a, b, got null')],
    [() => bytes('key', 'a secret'), new TypeError('key must be a Uint8Array, got a string')],
    [() => bytes('key', { secret: 1 }), new TypeError('key must be a Uint8Array, got an object')],
  ]
  for (const [run, error] of cases) it(error.message, () => expect(run).toThrow(error))
})

it('a record of several parts takes nothing from Object.prototype', () => {
  const request = record<Options>({ limit: 1 }, { policy: 'strict' })
  expect({ ...request }).toEqual({ limit: 1, policy: 'strict' })
  expect(polluted('signal', 'hostile', () => Reflect.get(request, 'signal') as unknown)).toBeUndefined()
})
