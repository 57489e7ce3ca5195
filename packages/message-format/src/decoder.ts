import type { DecodedHeader } from './header.ts'

/** Bounds on what a message may announce, each in its unit; `Infinity` for none. */
export interface DecoderLimits {
  /** Bytes of the header, authentication included. */
  readonly maxHeaderLength: number
  /** Bytes of content in a regular frame, in a final frame, and in a non-framed body. */
  readonly maxFrameLength: number
  readonly maxEncryptedDataKeys: number | false
}

export type DecodedPart =
  | { readonly type: 'header'; readonly decoded: DecodedHeader }
  | {
      readonly type: 'frames'
      readonly records: Uint8Array
      readonly count: number
      readonly firstSequence: number
      readonly frameLength: number
    }
  | {
      readonly type: 'final-frame'
      readonly record: Uint8Array
      readonly sequence: number
      readonly contentLength: number
    }
  | { readonly type: 'non-framed-body'; readonly record: Uint8Array; readonly contentLength: number }
  | { readonly type: 'footer'; readonly signature: Uint8Array; readonly bytes: Uint8Array }

export class MessageDecoder {
  readonly limits: DecoderLimits
  constructor(limits: DecoderLimits) {
    this.limits = limits
  }
  push(_chunk: Uint8Array): void {}
  next(): DecodedPart | null {
    return null
  }
  end(): void {}
  get done(): boolean {
    return false
  }
}
