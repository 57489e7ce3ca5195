import type { CheckedOptions } from './options.ts'

/** What a data key was used for, and what those who wait for it are about to use it for. */
export interface Usage {
  messages: number
  bytes: bigint
}

/** How much a data key may be used. Nothing is awaited between a charge and what it allows. */
export interface Limits {
  /** Charges one message ahead of its use. False, and nothing is charged, where it does not fit any more. */
  charge(usage: Usage, bytes: number): boolean
  /** Takes a charge back for a message that never got its data key. */
  refund(usage: Usage, bytes: number): void
  /** Charges bytes that are used already or are about to be, whether they fit or not. */
  add(usage: Usage, bytes: number): void
  /** Whether nothing fits any more. */
  spent(usage: Usage): boolean
}

export const unused = (): Usage => ({ messages: 0, bytes: 0n })

export function limitsOf({ maxMessages, maxBytes }: Pick<CheckedOptions, 'maxMessages' | 'maxBytes'>): Limits {
  return {
    charge(usage, bytes) {
      const total = usage.bytes + BigInt(bytes)
      if (usage.messages >= maxMessages || total > maxBytes) return false
      usage.messages++
      usage.bytes = total
      return true
    },
    refund(usage, bytes) {
      usage.messages--
      usage.bytes -= BigInt(bytes)
    },
    add(usage, bytes) {
      usage.bytes += BigInt(bytes)
    },
    // Under a limit of no bytes, empty messages still share a data key.
    spent: ({ messages, bytes }) => messages >= maxMessages || bytes > maxBytes || (bytes === maxBytes && bytes > 0n),
  }
}

/** caching-cmm.md, "decrypt": what was decrypted under a data key wears it out no further. */
export const unlimited: Limits = {
  charge: () => true,
  refund: () => {},
  add: () => {},
  spent: () => false,
}
