import { expect, it } from 'vitest'
import { checkOptions } from '../src/options.ts'

const hostile = {
  maxMessages: 2 ** 32,
  maxBytes: 1,
  gracePeriod: 0,
  partition: 'everyone',
  clock: () => 0,
}

it.each(Object.entries(hostile))(
  '%s has no effect where a hostile merge put it into Object.prototype',
  (name, value) => {
    const given = { capacity: 10, maxAge: 60_000, maxMessages: 5 }
    const usual = { ...checkOptions(given), clock: undefined }
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
    try {
      const read = checkOptions(given)
      expect({ ...read, clock: undefined }).toEqual(usual)
      expect(read.clock).not.toBe(hostile.clock)
    } finally {
      Reflect.deleteProperty(Object.prototype, name)
    }
  },
)
