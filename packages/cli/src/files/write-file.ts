import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type PartialFile, partialFile } from './partial-file.ts'

/** Writes a small file whole or not at all, readable by its owner only. Throws as `partialFile` does. */
export const writeWholeFile = (path: string, content: string | Uint8Array, overwrite: boolean): Promise<void> =>
  writeWholeFiles([[path, content]], overwrite)

/** As `writeWholeFile` for files that belong together: none is there before all are written. */
export async function writeWholeFiles(
  files: readonly (readonly [path: string, content: string | Uint8Array])[],
  overwrite: boolean,
): Promise<void> {
  const partial: PartialFile[] = []
  try {
    for (const [path, content] of files) {
      const file = await partialFile(path, overwrite)
      partial.push(file)
      await pipeline(Readable.from([Buffer.from(content)]), file.stream)
    }
    for (const file of partial) await file.commit()
  } finally {
    for (const file of partial) await file.discard()
  }
}
