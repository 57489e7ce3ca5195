/** `npm run bench [-- SECTION…] [--rounds N] [--clock wall|cpu] [--json FILE]`: measures the build, as users run it. */
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type ComparisonResult, clocks, compare } from './measure.ts'
import { printComparison, printGauge } from './print.ts'
import { sections } from './rows/index.ts'
import type { Gauge } from './section.ts'

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    clock: { type: 'string', default: 'wall' },
  },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !sections.some((section) => section.name === name))
if (unknown.length > 0) {
  throw new RangeError(
    `no section named ${unknown.join(', ')}; there are ${sections.map(({ name }) => name).join(', ')}`,
  )
}

const clock = values.clock === 'cpu' ? clocks.cpu : clocks.wall
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length }
console.log(
  `Node ${machine.node}, ${machine.cores} × ${machine.cpu}; medians of ${values.rounds} rounds by ${values.clock} time`,
)

const comparisons: ComparisonResult[] = []
const gauges: Gauge[] = []
for (const section of sections) {
  if (positionals.length > 0 && !positionals.includes(section.name)) continue
  console.log(`\n== ${section.title}`)
  for await (const comparison of section.comparisons?.() ?? []) {
    const result = await compare(comparison, Number(values.rounds), clock)
    printComparison(result)
    comparisons.push(result)
  }
  for await (const gauge of section.gauges?.() ?? []) {
    printGauge(gauge)
    gauges.push(gauge)
  }
}

const below = [
  ...comparisons.flatMap(({ verdicts }) => verdicts).filter(({ ratio, atLeast = 0 }) => ratio < atLeast),
  ...comparisons.flatMap(({ sides }) => sides).filter(({ speed, atLeast = 0 }) => speed < atLeast),
]
const above = gauges.filter(({ value, atMost = Number.POSITIVE_INFINITY }) => value > atMost)
console.log(
  `\n${below.length + above.length === 0 ? 'every floor reached' : `${below.length} below, ${above.length} above`}`,
)
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ machine, clock: values.clock, comparisons, gauges }, null, 2)}\n`)
