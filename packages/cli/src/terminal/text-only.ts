import { Transform } from 'node:stream'
import { refused } from '../failure.ts'

const ADVICE = 'the plaintext is not text, so it is not written to a terminal; name a file with -o'

/** Everything that is no text, and what a terminal obeys rather than shows; tabs and line ends are text. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/u

/** Lets UTF-8 text through to a terminal, and nothing else: binary data and escape sequences fail. */
export function textOnly(): Transform {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const check = (chunk: Uint8Array | undefined): Error | null => {
    try {
      const text = chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
      return CONTROLS.test(text) ? refused(ADVICE) : null
    } catch {
      return refused(ADVICE)
    }
  }
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      const failure = check(chunk)
      if (failure === null) done(null, chunk)
      else done(failure)
    },
    flush(done) {
      done(check(undefined))
    },
  })
}
