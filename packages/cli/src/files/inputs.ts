import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { usage } from '../failure.ts'

/** Something to read from. */
export type Input =
  | { readonly kind: 'stdin' }
  | {
      readonly kind: 'file'
      readonly path: string
      /** The path below the folder that was named, or the file's own name. */
      readonly relative: string
    }

export interface Expanded {
  readonly inputs: readonly Input[]
  /** Whether a folder was among the arguments: then there are many outputs, whatever the folder holds. */
  readonly folder: boolean
  /** What folders held that was not taken: links, devices, names that the filter left out. */
  readonly passedOver: number
  /** Folders that could not be looked into. */
  readonly unread: readonly Unread[]
}

export interface Unread {
  readonly path: string
  readonly error: unknown
}

export const STANDARD = '-'

/** How an input is called in messages and reports. */
export const inputName = (input: Input): string => (input.kind === 'stdin' ? STANDARD : input.path)

/**
 * The inputs that the arguments name; none means standard input. A folder stands for the files in it where `recursive`
 * says so, in a fixed order: links in it are not followed, and of its files only those are taken that `wanted` names. What
 * is named itself is taken as it is; whether it can be read is found out when it is opened.
 */
export async function expandInputs(
  paths: readonly string[],
  recursive: boolean,
  wanted: (name: string) => boolean,
): Promise<Expanded> {
  const inputs: Input[] = []
  let folder = false
  let passedOver = 0
  const unread: Unread[] = []
  for (const path of paths.length === 0 ? [STANDARD] : paths) {
    if (path === STANDARD) inputs.push({ kind: 'stdin' })
    else if (!(await isFolder(path))) inputs.push({ kind: 'file', path, relative: basename(path) })
    else {
      if (!recursive) throw usage(`${path} is a folder; give -r to take the files in it`)
      folder = true
      for await (const relative of filesBelow(path, '', unread)) {
        if (relative !== null && wanted(relative)) inputs.push({ kind: 'file', path: join(path, relative), relative })
        else passedOver++
      }
    }
  }
  if (inputs.filter(({ kind }) => kind === 'stdin').length > 1) throw usage('- (standard input) can be given once only')
  return { inputs, folder, passedOver, unread }
}

/**
 * The regular files below a folder, by their path from it; `null` for each thing that is neither file nor folder. One
 * folder that keeps itself closed, such as a lost+found, goes to `unread` and does not keep the others from being read.
 */
async function* filesBelow(root: string, relative: string, unread: Unread[]): AsyncGenerator<string | null> {
  const folder = join(root, relative)
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    unread.push({ path: folder, error })
    return []
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(relative, entry.name)
    if (entry.isDirectory()) yield* filesBelow(root, path, unread)
    else yield entry.isFile() || (await isUnknownFile(entry, join(root, path))) ? path : null
  }
}

/** Some file systems do not tell what an entry is. */
async function isUnknownFile(entry: { isSymbolicLink(): boolean; isFIFO(): boolean }, path: string): Promise<boolean> {
  if (entry.isSymbolicLink() || entry.isFIFO()) return false
  return (await lstat(path)).isFile()
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
