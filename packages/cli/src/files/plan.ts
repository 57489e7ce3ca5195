import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { usage } from '../failure.ts'
import { type Expanded, type Input, inputName, STANDARD } from './inputs.ts'
import type { Naming } from './names.ts'

/** Where a result goes. */
export type Place =
  | { readonly kind: 'stdout' }
  | {
      readonly kind: 'file'
      readonly path: string
      /** Whether its folder is made where it is missing: a folder that -o names, not a file's own. */
      readonly makeFolder?: boolean
    }

/** One input and where its result goes. */
export interface Transfer {
  readonly input: Input
  readonly place: Place
}

export const placeName = (place: Place): string => (place.kind === 'stdout' ? STANDARD : place.path)

/**
 * Says where the result of each input goes. `out` is what -o names: a file for one input, a folder for several, `-` for
 * standard output. Without it a file's result stands beside it under the name that `naming` gives, and what came from
 * standard input goes to standard output. Throws a usage failure where two results would have one name.
 */
export async function planTransfers(expanded: Expanded, out: string | undefined, naming: Naming): Promise<Transfer[]> {
  const { inputs, folder } = expanded
  const toFolder = out !== undefined && out !== STANDARD && (folder || inputs.length > 1 || (await isFolder(out)))
  if (out === STANDARD && (folder || inputs.length > 1)) {
    throw usage('several results cannot go to standard output; name a folder with -o')
  }
  const transfers = inputs.map((input) => ({ input, place: placeOf(input, out, toFolder, naming) }))
  requireDistinct(transfers)
  return transfers
}

function placeOf(input: Input, out: string | undefined, toFolder: boolean, naming: Naming): Place {
  if (out === STANDARD || (out === undefined && input.kind === 'stdin')) return { kind: 'stdout' }
  if (out !== undefined && !toFolder) return { kind: 'file', path: out }
  if (input.kind === 'stdin') throw usage('name the file that standard input goes to with -o, not a folder')
  const name = naming(out === undefined ? basename(input.path) : input.relative)
  if (name === null) {
    throw usage(
      `${inputName(input)} does not end in the suffix of encrypted files; name the result with -o, or the suffix with --suffix`,
    )
  }
  if (out === undefined) return { kind: 'file', path: join(dirname(input.path), name) }
  return { kind: 'file', path: join(out, name), makeFolder: true }
}

function requireDistinct(transfers: readonly Transfer[]): void {
  const seen = new Map<string, Input>()
  for (const { input, place } of transfers) {
    if (place.kind === 'stdout') continue
    const path = resolve(place.path)
    const other = seen.get(path)
    if (other !== undefined) {
      throw usage(`${inputName(other)} and ${inputName(input)} would both be written to ${place.path}`)
    }
    seen.set(path, input)
  }
}

async function isFolder(path: string): Promise<boolean> {
  if (/[/\\]$/.test(path)) return true
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
