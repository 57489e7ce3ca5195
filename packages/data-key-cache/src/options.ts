import { wholeNumber as checkedWholeNumber, kindOf, type OptionNames, readOptions } from '@bongtu/crypto/options'

/** Limits of a data-key cache, and how it tells keyrings apart. */
export interface DataKeyCacheOptions {
  /**
   * Entries kept at most for encryption, and as many for decryption: 1 to 2^20. The least recently used one makes room
   * for a new one.
   */
  readonly capacity: number
  /** Milliseconds that an entry serves, 1 to 2^31-2 (24 days). */
  readonly maxAge: number
  /** Messages encrypted under one data key, 1 to 2^32. Default 2^32. */
  readonly maxMessages?: number
  /** Bytes of plaintext encrypted under one data key, 0 to 2^63-1. Default 2^63-1. */
  readonly maxBytes?: number | bigint
  /**
   * Milliseconds before `maxAge` in which one caller has the entry renewed while all go on with the old one; less than
   * `maxAge`. Default: a tenth of `maxAge`, 10 seconds at most. 0 switches it off.
   */
  readonly gracePeriod?: number
  /**
   * Without it, keyrings are told apart by object identity. With it, every keyring that is used with this cache counts as
   * the same one: name a partition only where they all wrap under the same keys.
   */
  readonly partition?: string
  /** Milliseconds that only grow. Default `performance.now`. */
  readonly clock?: () => number
}

export interface CheckedOptions {
  readonly capacity: number
  readonly maxAge: number
  readonly maxMessages: number
  readonly maxBytes: bigint
  readonly gracePeriod: number
  readonly partition: string | undefined
  readonly clock: () => number
}

const known: OptionNames<DataKeyCacheOptions> = {
  capacity: true,
  maxAge: true,
  maxMessages: true,
  maxBytes: true,
  gracePeriod: true,
  partition: true,
  clock: true,
}

/** Room for so many is reserved at once, and takes 80 MiB. */
const MAX_CAPACITY = 2 ** 20
/** caching-cmm.md, limit messages. */
const MAX_MESSAGES = 2 ** 32
/** caching-cmm.md, limit bytes. */
const MAX_BYTES = 2n ** 63n - 1n
/** The longest timer is one longer: it zeroes what nobody asks for again, a millisecond past its age. */
const MAX_AGE = 2 ** 31 - 2
const MAX_GRACE_PERIOD = 10_000

/** Throws a TypeError for a wrong type or an unknown option, a RangeError for a value out of bounds. */
export function checkOptions(given: DataKeyCacheOptions): CheckedOptions {
  const options = readOptions('dataKeyCache', given, known)
  // Defaults of `undefined` alone: a null, as a file of settings may have it, must not lift a limit.
  const { partition, clock = () => performance.now(), maxMessages = MAX_MESSAGES, maxBytes = MAX_BYTES } = options
  const maxAge = wholeNumber('maxAge', options.maxAge, 1, MAX_AGE)
  const { gracePeriod = Math.min(MAX_GRACE_PERIOD, Math.floor(maxAge / 10)) } = options
  if (partition !== undefined && typeof partition !== 'string')
    throw new TypeError(`dataKeyCache: partition must be a string, got ${kindOf(partition)}`)
  if (typeof clock !== 'function') throw new TypeError(`dataKeyCache: clock must be a function, got ${kindOf(clock)}`)
  return {
    capacity: wholeNumber('capacity', options.capacity, 1, MAX_CAPACITY),
    maxAge,
    maxMessages: wholeNumber('maxMessages', maxMessages, 1, MAX_MESSAGES),
    maxBytes: byteLimit(maxBytes),
    gracePeriod: wholeNumber('gracePeriod', gracePeriod, 0, maxAge - 1),
    partition,
    clock,
  }
}

function byteLimit(value: number | bigint): bigint {
  if (typeof value === 'number') wholeNumber('maxBytes', value, 0, Number.MAX_SAFE_INTEGER)
  else if (typeof value !== 'bigint') {
    throw new TypeError(`dataKeyCache: maxBytes must be a whole number or a bigint, got ${kindOf(value)}`)
  }
  const limit = BigInt(value)
  if (limit < 0n || limit > MAX_BYTES)
    throw new RangeError(`dataKeyCache: maxBytes must be from 0 to ${MAX_BYTES}, got ${limit}`)
  return limit
}

const wholeNumber = (name: string, value: unknown, minimum: number, maximum: number): number =>
  checkedWholeNumber(`dataKeyCache: ${name}`, value, minimum, maximum)
