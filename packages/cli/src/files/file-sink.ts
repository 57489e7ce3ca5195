import type { FileHandle } from 'node:fs/promises'
import { Writable } from 'node:stream'

const CHUNK = 1 << 20

/**
 * A stream into an open file that leaves it open, whatever becomes of the stream: the file's owner syncs, renames and
 * closes it. Its failures name `path`, since those of an open file name nothing. (The stream of a FileHandle that may not close it keeps the handle from ever being closed.)
 */
export function fileSink(file: FileHandle, path: string): Writable {
  return new Writable({
    highWaterMark: CHUNK,
    write(chunk: Uint8Array, _encoding, done) {
      writeAll(file, chunk).then(
        () => done(),
        (error: Error) => done(Object.assign(error, { path })),
      )
    },
  })
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
}
