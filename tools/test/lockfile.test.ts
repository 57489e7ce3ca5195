import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../workspace.ts'

interface Locked {
  readonly version?: string
  readonly link?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packages: Readonly<Record<string, Locked>> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages

const isLocked = (owner: string, name: string): boolean => {
  const own = packages[`${owner}/node_modules/${name}`] ?? packages[`node_modules/${name}`]
  return own?.link === true || own?.version !== undefined
}

// npm leaves out what it cannot fetch when it writes the lock file, and then `npm ci` refuses that file.
it('locks the optional packages of every platform, not only of the one it was written on', () => {
  const missing = Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(owner, name)),
  )
  expect(missing).toEqual([])
})
