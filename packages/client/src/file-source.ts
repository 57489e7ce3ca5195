import { open } from 'node:fs/promises'
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
      async read(start, end) {
        const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start)
        return buffer.subarray(0, bytesRead)
      },
      close: () => file.close(),
      [Symbol.asyncDispose]: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}
