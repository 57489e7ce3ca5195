// usage: count-tests.mjs FOLDER STATUS   sums vitest's JSON reports in FOLDER; STATUS is the exit status of the run so far.
// Plain JavaScript without dependencies: it must also speak when nothing could be installed.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.', status = '1'] = process.argv.slice(2)

const count = (path) => {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'))
    // A file that could not be loaded has no tests to fail.
    const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    return { passed: numPassedTests, failed: numFailedTests + unloaded.length }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

const counts = readdirSync(folder).map((name) => count(join(folder, name)))
const passed = counts.reduce((sum, one) => sum + one.passed, 0)
const failed = counts.reduce((sum, one) => sum + one.failed, 0) || (status === '0' ? 0 : 1)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
