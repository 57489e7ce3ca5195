/** Bounds on what a message may announce; `Infinity` for none. All are inclusive. */
export interface DecoderLimits {
  /** Bytes of the header, authentication included. */
  readonly maxHeaderLength: number
  /** Bytes of content in a regular frame, in a final frame, and in a non-framed body. */
  readonly maxFrameLength: number
  readonly maxEncryptedDataKeys: number | false
}

/** Throws a RangeError for a limit that is no number of at least 1. */
export function checkDecoderLimits({ maxHeaderLength, maxFrameLength, maxEncryptedDataKeys }: DecoderLimits): void {
  checkLimit('maxHeaderLength', maxHeaderLength)
  checkLimit('maxFrameLength', maxFrameLength)
  if (maxEncryptedDataKeys !== false) checkLimit('maxEncryptedDataKeys', maxEncryptedDataKeys)
}

function checkLimit(name: string, limit: unknown): void {
  if (typeof limit === 'number' && limit >= 1) return
  throw new RangeError(`${name} must be a number of at least 1, not ${String(limit)}`)
}
