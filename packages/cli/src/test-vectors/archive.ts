import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, posix, relative, sep } from 'node:path'
import { unzipSync } from 'fflate'
import { refused } from '../failure.ts'

/** A folder of files by their path within it, with forward slashes: on the disk or in a zip archive. */
export interface Archive {
  /** The path of every file at most one folder down, where manifests stand. */
  readonly top: readonly string[]
  /** Throws a failure for a path that leads out of the archive, or that is not in it. */
  read(path: string): Promise<Uint8Array>
}

/** Bytes of a zip archive, and of all that it inflates to: what was ever published is far smaller. */
const MAX_ARCHIVE = 1 << 28
const MAX_INFLATED = 1 << 29

/** Opens a folder, a zip archive, or the folder of a JSON file, of which then only that file counts as a manifest. */
export async function openArchive(path: string): Promise<Archive> {
  if ((await stat(path)).isDirectory()) return folder(path)
  if (/\.json$/i.test(path)) return { ...(await folder(dirname(path))), top: [basename(path)] }
  return zip(path)
}

async function folder(path: string): Promise<Archive> {
  const root = await realpath(path)
  return {
    top: await jsonFilesOf(root),
    async read(name) {
      const target = await realpath(join(root, within(name)))
      const fromRoot = relative(root, target)
      // A link in the folder may lead out of it.
      if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`)) throw leadsOut(name)
      return readFile(target)
    },
  }
}

async function jsonFilesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true })
  const here = entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
  const below = entries
    .filter((entry) => entry.isDirectory())
    .map(async ({ name }) => (await readdir(join(root, name))).map((file) => posix.join(name, file)))
  return [...here, ...(await Promise.all(below)).flat()].filter((name) => name.endsWith('.json'))
}

async function zip(path: string): Promise<Archive> {
  const { size } = await stat(path)
  if (size > MAX_ARCHIVE) throw refused(`${path}: ${size} bytes; archives of at most ${MAX_ARCHIVE} bytes are read`)
  const files = new Map(Object.entries(inflated(path, await readFile(path))))
  return {
    top: [...files.keys()].filter((name) => name.endsWith('.json') && name.split('/').length <= 2),
    async read(name) {
      const bytes = files.get(within(name))
      if (bytes === undefined) throw refused(`${path}: holds no ${name}`)
      return bytes
    },
  }
}

/**
 * Everything in the archive, by name. The sizes that it announces are summed up before anything is inflated, and no entry
 * gets more room than it announces.
 */
function inflated(path: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  let total = 0
  unzipped(path, bytes, ({ size, originalSize }) => {
    total += Math.max(size, originalSize)
    return false
  })
  if (total > MAX_INFLATED) {
    throw refused(`${path}: would inflate to ${total} bytes; at most ${MAX_INFLATED} are taken`)
  }
  return unzipped(path, bytes, ({ name }) => !name.endsWith('/'))
}

function unzipped(
  path: string,
  bytes: Uint8Array,
  filter: (file: { readonly name: string; readonly size: number; readonly originalSize: number }) => boolean,
): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes, { filter })
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw refused(`${path}: is neither a folder, nor a JSON file, nor a zip archive that can be read${why}`)
  }
}

/** A path that stays within, without `.` and `..`. */
function within(name: string): string {
  const path = posix.normalize(name)
  if (posix.isAbsolute(path) || path === '..' || path.startsWith('../') || /[\\\0]/.test(path)) throw leadsOut(name)
  return path
}

const leadsOut = (name: string): Error => refused(`${JSON.stringify(name)} leads out of the folder of the test vectors`)
