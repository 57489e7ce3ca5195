import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Manifest } from './imports/check.ts'

/** The root of the repository. */
export const root: string = dirname(dirname(fileURLToPath(import.meta.url)))

const foreign = new Set(['node_modules', 'dist', 'coverage', 'vectors'])

/** The files of the repository by their path from the root, sorted; nothing installed, built or hidden. */
export const repositoryFiles = (folder = ''): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !foreign.has(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name)
      return entry.isDirectory() ? repositoryFiles(path) : [path]
    })
    .sort()

/** The TypeScript and JavaScript files of every workspace. */
export const sourcePaths = (): readonly string[] => repositoryFiles().filter((path) => /\.(ts|mts|js|mjs)$/.test(path))

type Texts = Readonly<Record<string, string>>

export interface PackageJson {
  readonly name: string
  readonly version: string
  readonly scripts?: Texts
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Texts
  readonly devDependencies?: Texts
  readonly peerDependencies?: Texts
  readonly optionalDependencies?: Texts
}

export const readPackageJson = (folder: string): PackageJson =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))

/** The folders with a package.json: the root (`''`), the packages and the private workspaces. */
export const workspaceFolders = (): readonly string[] =>
  repositoryFiles()
    .filter((path) => /^((packages\/)?[^/]+\/)?package\.json$/.test(path))
    .map((path) => (path === 'package.json' ? '' : dirname(path)))

export const readManifests = (): readonly Manifest[] =>
  workspaceFolders().map((folder) => {
    const { name, ...json } = readPackageJson(folder)
    const declared = {
      ...json.dependencies,
      ...json.devDependencies,
      ...json.peerDependencies,
      ...json.optionalDependencies,
    }
    return { name, folder, declared: new Set(Object.keys(declared)) }
  })
