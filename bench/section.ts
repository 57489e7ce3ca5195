import type { Comparison } from './measure.ts'

/** A figure that is read off once instead of compared: memory, for one. */
export interface Gauge {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly atMost?: number
}

/** One idea to measure. A new one is a file in bench/rows and a line in bench/rows/index.ts. */
export interface Section {
  /** As in `npm run bench -- streams`. */
  readonly name: string
  readonly title: string
  readonly comparisons?: () => AsyncIterable<Comparison> | Iterable<Comparison>
  readonly gauges?: () => AsyncIterable<Gauge>
}
