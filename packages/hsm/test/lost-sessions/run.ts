import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { softHsmToken } from '../support/softhsm.ts'

export interface LostSessionsReport {
  /** Data keys that came back as they were. */
  readonly kept: number
  /** Why others did not. */
  readonly lost: readonly string[]
  /** How often one session was closed underneath, and how often all at once. */
  readonly closedOne: number
  readonly closedAll: number
}

const repository = resolve(import.meta.dirname, '../../../..')

/** In a process of its own, so that a crash of the module is a failure of one test. Rejects where it crashes. */
export async function loseSessions(dataKeys: number, seed: number): Promise<LostSessionsReport> {
  const { uri, pinFile } = softHsmToken(`lost sessions ${seed}`)
  const withPin = `${uri}&pin-source=file:${encodeURIComponent(pinFile)}`
  const script = join(import.meta.dirname, 'child.ts')
  const flags = ['--import', 'tsx', '--conditions=@bongtu/source', '--no-warnings']
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...flags, script, withPin, String(dataKeys), String(seed)],
    { cwd: repository },
  )
  return JSON.parse(stdout)
}
