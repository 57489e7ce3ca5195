import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/**
 * Node holds the lock of a key while it makes its JWK. Where the collector then takes the job that generated the key, which
 * wants the same lock, the process waits for itself for ever. Seen on Node 20, in a run of these tests.
 */
it('a key pair that was just made never brings the process to a standstill', async () => {
  const argv = ['--import', 'tsx', '--conditions=@bongtu/source', '--no-warnings']
  const child = [...argv, join(import.meta.dirname, 'fresh-key-pairs.ts')]
  const { stdout } = await promisify(execFile)(process.execPath, child, { timeout: 60_000 })
  expect(stdout).toBe('made')
}, 90_000)
