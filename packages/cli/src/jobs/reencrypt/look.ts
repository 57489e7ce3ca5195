import { type Header, inspect } from '@bongtu/client'
import { fileSource } from '@bongtu/client/node'
import { dearmor, isArmored, LOOK_BYTES } from '../../armor.ts'
import type { LimitFlags } from '../../commands/options.ts'
import { openSource } from '../../files/source.ts'
import type { Io } from '../../io.ts'

export interface Looked {
  /** Not authenticated. */
  readonly header: Header
  readonly armored: boolean
  /** Bytes of the file. */
  readonly size: number
}

/** Reads the header of a file and no more of it. Throws as `inspect` does. */
export async function look(path: string, flags: LimitFlags, io: Io): Promise<Looked> {
  const { maxEncryptedDataKeys, maxHeaderLength } = flags
  await using source = await fileSource(path)
  const armored = isArmored(Buffer.from(await source.read(0, Math.min(source.size, LOOK_BYTES))))
  const { stream } = await openSource({ kind: 'file', path, relative: path }, io)
  const bytes = dearmor()
  stream.on('error', (error) => bytes.destroy(error))
  try {
    const { header } = await inspect(stream.pipe(bytes), {
      signal: io.signal,
      ...(maxEncryptedDataKeys === undefined ? {} : { maxEncryptedDataKeys }),
      ...(maxHeaderLength === undefined ? {} : { maxHeaderLength }),
    })
    return { header, armored, size: source.size }
  } finally {
    stream.destroy()
  }
}
