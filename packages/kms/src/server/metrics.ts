import type { CallRecord } from '../wire/entry.ts'

export interface Metrics {
  count(record: CallRecord): void
  /** The Prometheus text format, version 0.0.4. */
  print(): string
}

/** Upper bounds of the latency histogram in seconds. */
const BOUNDS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]

interface Latency {
  readonly buckets: number[]
  sum: number
  count: number
}

export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const latencies = new Map<string, Latency>()
  return {
    count({ operation = 'Unknown', error, duration }) {
      const labels = `operation="${operation}",code="${error?.code ?? 'OK'}"`
      requests.set(labels, (requests.get(labels) ?? 0) + 1)
      let latency = latencies.get(operation)
      if (latency === undefined) {
        latency = { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 }
        latencies.set(operation, latency)
      }
      const seconds = duration / 1000
      const at = BOUNDS.findIndex((bound) => seconds <= bound)
      if (at >= 0) latency.buckets[at] = (latency.buckets[at] ?? 0) + 1
      latency.sum += seconds
      latency.count++
    },
    print: () => `${printRequests(requests)}${printLatencies(latencies)}`,
  }
}

function printRequests(requests: ReadonlyMap<string, number>): string {
  const lines = [...requests].map(([labels, count]) => `kms_requests_total{${labels}} ${count}\n`)
  return `# HELP kms_requests_total Requests by operation and error code.\n# TYPE kms_requests_total counter\n${lines.join('')}`
}

function printLatencies(latencies: ReadonlyMap<string, Latency>): string {
  const name = 'kms_request_duration_seconds'
  const lines = [...latencies].flatMap(([operation, { buckets, sum, count }]) => {
    let below = 0
    const cumulative = BOUNDS.map((bound, at) => {
      below += buckets[at] ?? 0
      return `${name}_bucket{operation="${operation}",le="${bound}"} ${below}\n`
    })
    return [
      ...cumulative,
      `${name}_bucket{operation="${operation}",le="+Inf"} ${count}\n`,
      `${name}_sum{operation="${operation}"} ${sum}\n`,
      `${name}_count{operation="${operation}"} ${count}\n`,
    ]
  })
  return `# HELP ${name} Time from a request to its answer.\n# TYPE ${name} histogram\n${lines.join('')}`
}
