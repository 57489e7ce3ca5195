import { Transform, type TransformCallback } from 'node:stream'
import { BongtuError } from '@bongtu/message-format'

/** RFC 2045 §6.8: at most 76 characters a line, which are 57 bytes. */
const LINE_BYTES = 57
const LINE_CHARACTERS = 76

/** Binary messages begin with the byte 1 or 2; in Base64 that is `AY` or `Ag`. */
const ARMORED = /^\s*A[Yg]/
/** Some editors put the byte order mark of UTF-8 before text. */
const MARK = Buffer.of(0xef, 0xbb, 0xbf)
/** Enough to see through a byte order mark and some empty lines. */
export const LOOK_BYTES = 64

/** Bytes in, lines of Base64 out. */
export function armor(): Transform {
  let rest = Buffer.alloc(0)
  const lines = (bytes: Buffer): string =>
    bytes.toString('base64').replace(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'), '$&\n')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const whole = bytes.length - (bytes.length % LINE_BYTES)
      // A copy: the caller may use its chunk again.
      rest = Buffer.from(bytes.subarray(whole))
      if (whole > 0) this.push(lines(bytes.subarray(0, whole)))
      done()
    },
    flush(done) {
      if (rest.length > 0) this.push(lines(rest))
      done()
    },
  })
}

/** Whether a message that begins so is Base64 text: `LOOK_BYTES` of it tell. */
export function isArmored(start: Buffer): boolean {
  return ARMORED.test(withoutMark(start).toString('latin1', 0, LOOK_BYTES))
}

const withoutMark = (bytes: Buffer): Buffer =>
  bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes

/** A message out, whether it comes as it is or in Base64; what is neither passes, for the decoder of messages to name it. */
export function dearmor(): Transform {
  let held: Buffer | null = Buffer.alloc(0)
  let decoder: Base64Decoder = asItIs
  const begin = (bytes: Buffer): Buffer => {
    held = null
    if (!isArmored(bytes)) return bytes
    decoder = base64Decoder()
    return decoder.push(withoutMark(bytes))
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      guarded(done, () => {
        if (held === null) return decoder.push(chunk)
        held = Buffer.concat([held, chunk])
        return held.length < LOOK_BYTES ? NOTHING : begin(held)
      })
    },
    flush(done) {
      guarded(done, () => {
        const last = held === null ? NOTHING : begin(held)
        decoder.end()
        return last
      })
    },
  })
}

function guarded(done: TransformCallback, step: () => Buffer): void {
  let bytes: Buffer
  try {
    bytes = step()
  } catch (error) {
    done(error as Error)
    return
  }
  done(null, bytes.length > 0 ? bytes : undefined)
}

interface Base64Decoder {
  /** The bytes of all groups that are complete. */
  push(chunk: Buffer): Buffer
  /** Throws ERR_TRUNCATED where a group is not complete. */
  end(): void
}

const NOTHING = Buffer.alloc(0)

const asItIs: Base64Decoder = { push: (chunk) => chunk, end: () => {} }

/** RFC 4648 §4 with white space anywhere, and otherwise strict: Node's own decoder passes over what it does not know. */
function base64Decoder(): Base64Decoder {
  let rest = ''
  let padded = false
  const refuse = (): never => {
    throw new BongtuError('ERR_MALFORMED', 'the Base64 text of the message holds something that is no Base64')
  }
  return {
    push(chunk) {
      const text = rest + chunk.toString('latin1').replace(/\s+/g, '')
      if (text === '') return NOTHING
      if (padded || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) refuse()
      const whole = text.length - (text.length % 4)
      rest = text.slice(whole)
      if (rest.includes('=') && !/^..=$/.test(rest)) refuse()
      const groups = text.slice(0, whole)
      padded = groups.endsWith('=')
      const bytes = Buffer.from(groups, 'base64')
      // Bits that are set beneath the padding would be lost without a trace.
      if (padded && bytes.toString('base64', bytes.length - (bytes.length % 3)) !== groups.slice(-4)) refuse()
      return bytes
    },
    end() {
      if (rest === '') return
      throw new BongtuError(
        'ERR_TRUNCATED',
        'the Base64 text of the message ends within a group: it was cut off, fetch it again in full',
      )
    },
  }
}
