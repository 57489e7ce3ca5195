import { settledLater } from './settled-later.ts'

/** The chunks of any kind of stream, until the signal aborts. Who takes no more of them cancels the rest. */
export function chunksOf(
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  if (typeof source === 'object' && source !== null) {
    if ('getReader' in source) return readChunks(source, signal)
    if (Symbol.asyncIterator in source) return iterate(source, signal)
  }
  throw new TypeError('inspect takes a Uint8Array, a Blob, a range source, or a stream of Uint8Array')
}

/** By its reader, since not every browser's streams iterate, and since a reader can be cancelled while it waits. */
async function* readChunks(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  const cancel = (): Promise<void> => reader.cancel(signal?.reason).catch(() => {})
  signal?.addEventListener('abort', cancel)
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', cancel)
    await cancel()
  }
}

/** An iterator that waits cannot be stopped, only left: it is told so, and not waited for. */
async function* iterate(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  const aborted = settledLater<never>()
  const abort = (): void => aborted.reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  const next = (): Promise<IteratorResult<Uint8Array>> => Promise.race([iterator.next(), aborted.promise])
  try {
    for (let result = await next(); result.done !== true; result = await next()) yield result.value
  } finally {
    signal?.removeEventListener('abort', abort)
    const left = Promise.resolve(iterator.return?.()).catch(() => {})
    if (signal?.aborted !== true) await left
  }
}
