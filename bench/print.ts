import type { ComparisonResult, SideResult, Verdict } from './measure.ts'
import type { Gauge } from './section.ts'

const nameWidth = 34
const figureWidth = 12

export const printComparison = ({ name, unit, sides, verdicts }: ComparisonResult): void => {
  console.log(`\n${name}${' '.repeat(Math.max(1, nameWidth + figureWidth - name.length - unit.length))}${unit}/s`)
  for (const side of sides) {
    const judged = [
      ...reached(side.speed, side.atLeast),
      ...verdicts.filter((verdict) => verdict.side === side.name).map(describe),
    ]
    const line = [`  ${side.name}`.padEnd(nameWidth), figure(side.speed).padStart(figureWidth), spread(side).padEnd(8)]
    console.log(`${line.join('')}${judged.join('   ')}`.trimEnd())
  }
}

export const printGauge = ({ name, value, unit, atMost }: Gauge): void => {
  const judged = atMost === undefined ? '' : `   ≤ ${figure(atMost)} ${value <= atMost ? 'PASS' : 'ABOVE'}`
  console.log(`  ${name.padEnd(nameWidth + 20)}${figure(value).padStart(figureWidth)} ${unit}${judged}`)
}

const reached = (speed: number, atLeast: number | undefined): readonly string[] =>
  atLeast === undefined ? [] : [`≥ ${figure(atLeast)} ${speed >= atLeast ? 'PASS' : 'BELOW'}`]

const describe = ({ ratio, beside, atLeast }: Verdict): string => {
  const shown = `${ratio.toFixed(2)} × ${beside}`
  return atLeast === undefined ? shown : `${shown} (≥ ${atLeast} ${ratio >= atLeast ? 'PASS' : 'BELOW'})`
}

/** How far the rounds lie apart, so that a reader knows which differences mean something. */
const spread = ({ samples, speed }: SideResult): string =>
  ` ±${((100 * (Math.max(...samples) - Math.min(...samples))) / 2 / speed).toFixed(0)} %`

const figure = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3))
