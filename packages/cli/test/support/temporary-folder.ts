import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

export interface TemporaryFolder {
  readonly path: string
  at(...names: string[]): string
  /** Every file and folder in it, hidden ones too, by its path from it. */
  list(): Promise<string[]>
}

/** A fresh folder for each test of the file. */
export function temporaryFolder(): TemporaryFolder {
  let path = ''
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'bongtu-cli-'))
  })
  afterEach(() => rm(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
    at: (...names) => join(path, ...names),
    list: async () => (await readdir(path, { recursive: true })).sort(),
  }
}
