import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sink } from '../files/sink.ts'
import type { Io } from '../io.ts'

/** Sends everything through; resolves when it has arrived, rejects with the first failure and closes what it opened. */
export async function pipe(from: Readable, through: readonly Transform[], sink: Sink, io: Io): Promise<void> {
  await pipeline([from, ...through, sink.stream], { signal: io.signal, end: sink.ends })
}
