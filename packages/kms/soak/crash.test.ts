import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { seededRandom } from '../test/crash/random.ts'
import { crashRounds } from '../test/crash/scenario.ts'

it('§9.23 killed at 200 random points: nothing acknowledged is lost, no key is half made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bongtu-kms-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const report = await crashRounds(folder, 200, seededRandom(Date.now()))
  expect(report.rounds).toBe(200)
  expect(report.blobsOpened).toBeGreaterThan(100)
})
