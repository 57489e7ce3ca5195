/** Fails on any import against the table in tools/imports/rules.ts. */
import { readFileSync } from 'node:fs'
import { checkFiles } from './imports/check.ts'
import { findCycles } from './imports/cycles.ts'
import { readManifests, sourcePaths } from './workspace.ts'

const files = sourcePaths().map((path) => ({ path, text: readFileSync(path, 'utf8') }))
const { violations, graph } = checkFiles(files, readManifests())

for (const { path, line, message } of violations) console.error(`${path}:${line}: ${message}`)
const cycles = findCycles(graph)
for (const cycle of cycles) {
  console.error(
    `${cycle[0]}:1: imports itself through ${cycle.slice(1).join(' → ')}; move what both need to a third file`,
  )
}

const count = violations.length + cycles.length
console.log(`imports: ${files.length} files, ${count === 0 ? 'no violations' : `${count} violations`}`)
process.exitCode = count === 0 ? 0 : 1
