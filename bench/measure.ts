import { performance } from 'node:perf_hooks'

/** One way of doing the work that a comparison measures. */
export interface Side {
  readonly name: string
  /** Does the whole work once. */
  readonly run: () => void | Promise<void>
  /** Units of work a second that it should reach, whatever stands beside it. */
  readonly atLeast?: number
}

/** What a side should reach beside another: its speed divided by the other's. */
export interface Floor {
  readonly side: string
  readonly beside: string
  /** The ratio to reach; without one the ratio is only shown. */
  readonly atLeast?: number
}

export interface Comparison {
  readonly name: string
  /** What one run of a side gets done, in `unit`: 64 MiB, 1000 messages. */
  readonly work: number
  readonly unit: string
  readonly sides: readonly Side[]
  readonly floors: readonly Floor[]
}

export interface SideResult {
  readonly name: string
  /** Median of the rounds, in units of work a second. */
  readonly speed: number
  /** Every round in the order it ran. */
  readonly samples: readonly number[]
  readonly atLeast?: number
}

export interface Verdict extends Floor {
  /** Median of the rounds' own ratios: a round slowed as a whole does not count. */
  readonly ratio: number
}

export interface ComparisonResult {
  readonly name: string
  readonly unit: string
  readonly sides: readonly SideResult[]
  readonly verdicts: readonly Verdict[]
}

/** Seconds of the wall, or of this process's CPU, which tell more where others use the machine too. */
export const clocks = {
  wall: (): number => performance.now() / 1000,
  cpu: (): number => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000_000
  },
}
export type Clock = (typeof clocks)[keyof typeof clocks]

/**
 * Runs the sides in turn, `rounds` times after one that warms up, so that whatever slows the machine for a while slows
 * all of them. Every round starts with another side and every other one runs backwards, so that no side always follows
 * the same one and clears up after it. Garbage is left to the collector: one collected by force works in a heap that was
 * shrunk, as no application's is.
 */
export const compare = async (comparison: Comparison, rounds: number, clock: Clock): Promise<ComparisonResult> => {
  const { name, unit, work, sides } = comparison
  const samples = new Map<string, number[]>(sides.map((side) => [side.name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const side of inTurn(sides, round + 1)) {
      const start = clock()
      await side.run()
      const seconds = clock() - start
      if (round >= 0) samples.get(side.name)?.push(work / seconds)
    }
  }
  const results = sides.map(({ name: side, atLeast }) => {
    const speeds = samples.get(side) ?? []
    const result = { name: side, speed: median(speeds), samples: speeds }
    return atLeast === undefined ? result : { ...result, atLeast }
  })
  const verdicts = comparison.floors.map((floor) => {
    const beside = samples.get(floor.beside) ?? []
    return { ...floor, ratio: median((samples.get(floor.side) ?? []).map((speed, at) => speed / (beside[at] ?? 0))) }
  })
  return { name, unit, sides: results, verdicts }
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

const inTurn = <T>(values: readonly T[], round: number): readonly T[] => {
  const start = round % values.length
  const turn = [...values.slice(start), ...values.slice(0, start)]
  return round % 2 === 0 ? turn : turn.reverse()
}
