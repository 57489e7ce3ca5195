import type { Readable } from 'node:stream'

/** Why a body was not read to its end: it is longer than any request, or all that come in together have too many bytes. */
export type BodyRefusal = 'tooLong' | 'tooMany'

/** Reads the body of a request. `done` is called once, unless the client goes away first. */
export type ReadBody = (request: Readable, done: (body: Uint8Array | BodyRefusal) => void) => void

export interface BodyLimits {
  /** Bytes of one body. */
  readonly longest: number
  /** Bytes of all bodies that have not come in whole. */
  readonly budget: number
}

/** A body of which a part is here. */
interface Unfinished {
  chunks: Buffer[]
  length: number
  readonly refuse: (why: BodyRefusal) => void
}

/**
 * Where the bodies that come in are over their budget, the largest of them is refused: long requests that are left
 * unfinished do not keep short ones out.
 */
export function createBodyReader({ longest, budget }: BodyLimits): ReadBody {
  const unfinished = new Set<Unfinished>()
  let held = 0

  const release = (body: Unfinished): void => {
    if (!unfinished.delete(body)) return
    held -= body.length
    body.chunks = []
  }
  const refuseLargest = (): void => {
    let largest: Unfinished | undefined
    for (const body of unfinished) if (largest === undefined || body.length > largest.length) largest = body
    largest?.refuse('tooMany')
  }

  return (request, done) => {
    const body: Unfinished = {
      chunks: [],
      length: 0,
      refuse(why) {
        release(body)
        done(why)
      },
    }
    unfinished.add(body)
    request.on('data', (chunk: Buffer) => {
      if (!unfinished.has(body)) return
      body.chunks.push(chunk)
      body.length += chunk.length
      held += chunk.length
      if (body.length > longest) body.refuse('tooLong')
      while (held > budget) refuseLargest()
    })
    request.once('end', () => {
      if (!unfinished.has(body)) return
      const [first] = body.chunks
      const whole = body.chunks.length === 1 && first !== undefined ? first : Buffer.concat(body.chunks)
      release(body)
      done(whole)
    })
    request.once('close', () => release(body))
  }
}
