import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { apiCrashRounds } from '../test/crash/api-scenario.ts'
import { seededRandom } from '../test/crash/random.ts'

it('a server killed 40 times under load over HTTP has all that it acknowledged, and nothing by halves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bongtu-kms-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const report = await apiCrashRounds(folder, 40, seededRandom(Date.now()))
  expect(report.acknowledged).toBeGreaterThan(1000)
  expect(report.blobsOpened).toBeGreaterThan(100)
})
