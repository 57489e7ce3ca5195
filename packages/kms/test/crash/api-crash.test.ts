import { expect, it } from 'vitest'
import { temporaryFolder } from '../store/folder.ts'
import { apiCrashRounds } from './api-scenario.ts'
import { seededRandom } from './random.ts'

it('a server that is killed under load has, when it comes up again, all that it acknowledged, and nothing by halves', async () => {
  const report = await apiCrashRounds(temporaryFolder(), 3, seededRandom(3))
  expect(report.acknowledged).toBeGreaterThan(60)
  expect(report.keys).toBeGreaterThan(5)
  expect(report.blobsOpened).toBeGreaterThan(10)
}, 120_000)
