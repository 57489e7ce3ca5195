import type { Allocate } from './frame-sealer.ts'

export interface Carving {
  /** The next `length` bytes. */
  readonly allocate: Allocate
  /** All bytes given out so far, in one piece. */
  readonly carved: () => Uint8Array<ArrayBuffer>
}

/** Gives out one buffer piece by piece, so that a one-shot call writes its result in place and copies nothing together. */
export function carve(length: number): Carving {
  const whole = new Uint8Array(length)
  let used = 0
  return {
    allocate: (piece) => {
      const start = used
      used += piece
      return whole.subarray(start, used)
    },
    carved: () => whole.subarray(0, used),
  }
}

/** A buffer for each piece, as streams need it. */
export const allocateEach: Allocate = (length) => new Uint8Array(length)
