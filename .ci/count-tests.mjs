// usage: count-tests.mjs FOLDER STATUS   sums vitest's JSON reports in FOLDER; STATUS is the exit status of the run so far.
// Plain JavaScript without dependencies: it must also speak when nothing could be installed.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.', status = '1'] = process.argv.slice(2)
let passed = 0
let failed = 0

for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file that could not be loaded has no tests to fail.
  failed += report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
}

if (status !== '0' && failed === 0) failed = 1
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
