import type { DataKeyCacheOptions } from '@bongtu/data-key-cache'
import { type Command, InvalidArgumentError } from 'commander'

/** Options of every command that can use one data key for many files. */
export interface CacheFlags {
  readonly cache?: DataKeyCacheOptions
}

/** Entries where no capacity is given: when decrypting, one for each data key that the files were encrypted under. */
const CAPACITY = 1_000

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, '': 1_000 }

function milliseconds(value: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smhd]?)$/.exec(value) ?? []
  if (number !== '') return Number(number) * (UNITS[unit] ?? Number.NaN)
  throw new InvalidArgumentError('max-age is a number of seconds, or 600s, 10m, 2h or 1d.')
}

const number =
  (name: string) =>
  (value: string): number => {
    if (/^\d+$/.test(value)) return Number(value)
    throw new InvalidArgumentError(`${name} is a whole number.`)
  }

function bytes(value: string): bigint {
  if (/^\d+$/.test(value)) return BigInt(value)
  throw new InvalidArgumentError('max-bytes is a whole number.')
}

/** What may stand in the option, and what it becomes. */
const limits: Readonly<Record<string, (value: string) => Partial<DataKeyCacheOptions>>> = {
  capacity: (value) => ({ capacity: number('capacity')(value) }),
  'max-age': (value) => ({ maxAge: milliseconds(value) }),
  'max-messages': (value) => ({ maxMessages: number('max-messages')(value) }),
  'max-bytes': (value) => ({ maxBytes: bytes(value) }),
}

/** The limits of `name=value,…`. Whether they are within bounds is for the cache to say. */
export function cacheLimits(text: string): DataKeyCacheOptions {
  const given = new Map<string, string>()
  for (const pair of text.split(',')) {
    const [name = '', value] = pair.split('=', 2)
    if (value === undefined || !Object.hasOwn(limits, name)) {
      throw new InvalidArgumentError(`It is name=value,… with the names ${Object.keys(limits).join(', ')}.`)
    }
    if (given.has(name)) throw new InvalidArgumentError(`It gives ${name} twice.`)
    given.set(name, value)
  }
  const {
    maxAge,
    capacity = CAPACITY,
    ...others
  }: Partial<DataKeyCacheOptions> = Object.assign({}, ...Array.from(given, ([name, value]) => limits[name]?.(value)))
  if (maxAge === undefined) throw new InvalidArgumentError('It gives no max-age.')
  return { ...others, capacity, maxAge }
}

export function cacheOption(command: Command, whatFor: string): void {
  command.option(
    '--cache <limits>',
    `${whatFor}: max-age=600s,capacity=1000,max-messages=…,max-bytes=…; all but max-age may be left out`,
    cacheLimits,
  )
}
