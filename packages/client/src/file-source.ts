/// <reference lib="esnext.disposable" preserve="true" />
import { type FileHandle, open } from 'node:fs/promises'
import type { RangeSource } from './range-source.ts'

/** A file for `openRange` and `inspect`, open until it is closed. */
export interface FileSource extends RangeSource, AsyncDisposable {
  close(): Promise<void>
}

/** Opens a file for reading at any place. Throws what `fs.open` throws. */
export async function fileSource(path: string | URL): Promise<FileSource> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    return {
      size,
      read: (start, end) => readFully(file, start, new Uint8Array(end - start)),
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** One read may answer less than was asked for; nothing means the end of the file. */
async function readFully(file: FileHandle, start: number, into: Uint8Array): Promise<Uint8Array> {
  for (let filled = 0; filled < into.length; ) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, start + filled)
    if (bytesRead === 0) return into.subarray(0, filled)
    filled += bytesRead
  }
  return into
}
