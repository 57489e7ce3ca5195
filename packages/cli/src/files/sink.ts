import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { refused } from '../failure.ts'
import type { Io } from '../io.ts'
import { partialFile } from './partial-file.ts'
import type { Place } from './plan.ts'
import { identityOf } from './source.ts'

/** Where a result is written to. */
export interface Sink {
  readonly stream: Writable
  /** Whether the stream ends with the result: standard output outlives it. */
  readonly ends: boolean
  /** The result is whole and verified: it may be seen. */
  commit(): Promise<void>
  /** It is not, or it was committed already. */
  discard(): Promise<void>
}

const nothing = async (): Promise<void> => {}

/** Opens the place of a result. Throws a failure where it is the very file that is read, or where it may not be replaced. */
export async function openSink(place: Place, source: string | null, overwrite: boolean, io: Io): Promise<Sink> {
  const identity = await identityOf(place.kind === 'stdout' ? io.stdout.fd : place.path)
  if (identity !== null && identity === source) {
    throw refused('input and output are the same file; write to another one and rename it')
  }
  if (place.kind === 'stdout') return { stream: io.stdout, ends: false, commit: nothing, discard: nothing }
  if (place.makeFolder === true) await mkdir(dirname(place.path), { recursive: true })
  const file = await partialFile(place.path, overwrite)
  return { ...file, ends: true }
}
