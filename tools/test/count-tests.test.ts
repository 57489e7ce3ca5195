import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../workspace.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bongtu-reports-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const report = (
  name: string,
  numPassedTests: number,
  numFailedTests: number,
  testResults: readonly object[] = [],
): void => writeFileSync(join(folder, name), JSON.stringify({ numPassedTests, numFailedTests, testResults }))

const count = (status: string): { readonly line: string; readonly exit: number | null } => {
  const { stdout, status: exit } = spawnSync(process.execPath, [join(root, '.ci/count-tests.mjs'), folder, status])
  return { line: String(stdout), exit }
}

describe('the closing line of the checks', () => {
  it('adds up the tests of every run', () => {
    report('node20.json', 3, 0)
    report('node24.json', 4, 0)
    expect(count('0')).toEqual({ line: '7 passed, 0 failed\n', exit: 0 })
  })

  it('fails where a test failed', () => {
    report('node20.json', 3, 1)
    expect(count('0')).toEqual({ line: '3 passed, 1 failed\n', exit: 1 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    report('node20.json', 3, 0, [{ status: 'failed', assertionResults: [] }])
    expect(count('0')).toEqual({ line: '3 passed, 1 failed\n', exit: 1 })
  })

  it('counts a step that failed without a test as a failure', () => {
    report('node20.json', 3, 0)
    expect(count('2')).toEqual({ line: '3 passed, 1 failed\n', exit: 1 })
  })

  it('fails where nothing ran', () => {
    expect(count('0')).toEqual({ line: '0 passed, 0 failed\n', exit: 1 })
  })

  it('counts what a cut-off report leaves as a failure', () => {
    writeFileSync(join(folder, 'node20.json'), '{"numPassedTests": 3')
    expect(count('0')).toEqual({ line: '0 passed, 1 failed\n', exit: 1 })
  })
})
