import { Transform } from 'node:stream'

/** Lets bytes through and counts them. */
export function meter(count: (bytes: number) => void): Transform {
  return new Transform({
    highWaterMark: 1 << 20,
    transform(chunk: Uint8Array, _encoding, done) {
      count(chunk.length)
      done(null, chunk)
    },
  })
}
