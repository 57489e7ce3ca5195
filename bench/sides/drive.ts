import { type Duplex, Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PushCore } from '@bongtu/client/push'

/** Chunks as a file stream reads them. */
export type Chunks = readonly Uint8Array[]

/** Anything `pipeline` takes in the middle: a Node stream or a web one. */
export type Middle = Duplex | TransformStream<Uint8Array, Uint8Array>

const source = (chunks: Chunks): Readable => {
  let next = 0
  return new Readable({
    read() {
      this.push(chunks[next++] ?? null)
    },
  })
}

/** Streams chunks through a transform, and answers how many bytes came out. */
export const throughPipeline = async (chunks: Chunks, middle: Middle): Promise<number> => {
  let length = 0
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      length += chunk.length
      done()
    },
  })
  await pipeline(source(chunks), middle as Duplex, sink)
  return length
}

/** Drives a push core with nothing around it, and answers how many bytes came out. */
export const throughCore = async (chunks: Chunks, core: PushCore): Promise<number> => {
  let length = 0
  const count = (piece: Uint8Array): void => {
    length += piece.length
  }
  for (const chunk of chunks) {
    const pushed = core.push(chunk, count)
    if (pushed) await pushed
  }
  await core.finish(count)
  return length
}
