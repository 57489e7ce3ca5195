import type { DecodedHeader } from './header.ts'

/**
 * What a message consists of, in order: a header; then runs of regular frames and the final frame, or the non-framed
 * body; then the footer of a signed message.
 *
 * `records` and `record` are views, of the pushed chunk or of the decoder's buffer, and hold until the next call.
 * Header and footer are copies.
 */
export type DecodedPart =
  | { readonly type: 'header'; readonly decoded: DecodedHeader }
  | {
      readonly type: 'frames'
      /** `count` complete regular frames, each `frameLength` + 32 bytes: sequence ‖ iv ‖ content ‖ tag. */
      readonly records: Uint8Array
      readonly count: number
      /** Frames count from 1. */
      readonly firstSequence: number
      readonly frameLength: number
    }
  | {
      readonly type: 'final-frame'
      /** FFFFFFFF ‖ sequence ‖ iv ‖ length ‖ content ‖ tag. */
      readonly record: Uint8Array
      readonly sequence: number
      readonly contentLength: number
    }
  | {
      readonly type: 'non-framed-body'
      /** iv ‖ length ‖ content ‖ tag. */
      readonly record: Uint8Array
      readonly contentLength: number
    }
  | {
      readonly type: 'footer'
      /** DER. */
      readonly signature: Uint8Array
      /** Length ‖ signature, as received. */
      readonly bytes: Uint8Array
    }
