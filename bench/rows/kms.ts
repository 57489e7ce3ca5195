import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KMSClient } from '@aws-sdk/client-kms'
import { type LocalKms, localKms } from '@bongtu/kms'
import { testKms } from '@bongtu/kms/testing'
import { type Comparison, median, type Side } from '../measure.ts'
import type { Gauge, Section } from '../section.ts'
import { fixedProcess, kmsProcess, startupTime } from '../sides/kms-process.ts'
import { blobOf, commands, httpBytes, type Measured, measured, seed, signedRequest } from '../sides/kms-requests.ts'
import { replay } from '../sides/replay.ts'

const atOnce = 16
const calls = 4000
const startups = 5
const freshOnes = 50

const server = 'bongtu kms start'
const ceiling = 'node:http, fixed answer'
const entry = 'plain entry, in process'
const client = 'KMSClient, in process'

/** Calls a second, on two cores. */
const floors = { server: 3000, entry: 8000 }

/** Milliseconds of every call over HTTP, by round; the first round warms up. */
const latencies = new Map<Measured, (readonly number[])[]>(measured.map((name) => [name, []]))

async function* comparisons(): AsyncIterable<Comparison> {
  yield* overHttp()
  yield* inProcess()
}

async function* overHttp(): AsyncIterable<Comparison> {
  const kms = await kmsProcess()
  const first = await replay(kms.port, httpBytes(await signedRequest('Encrypt', kms.host, none)), 1, 1)
  const blob = blobOf(first.answer)
  const fixed = await fixedProcess(first.answer.length)
  try {
    for (const name of measured) {
      // A signature is good for five minutes, so each round signs anew.
      const against = async ({ host, port }: { host: string; port: number }) =>
        replay(port, httpBytes(await signedRequest(name, host, blob)), calls, atOnce)
      yield {
        name: `${name}, ${atOnce} connections`,
        work: calls,
        unit: 'calls',
        sides: [
          {
            name: server,
            run: async () => void latencies.get(name)?.push((await against(kms)).latencies),
            atLeast: floors.server,
          },
          { name: ceiling, run: async () => void (await against(fixed)) },
        ],
        floors: [{ side: server, beside: ceiling }],
      }
    }
  } finally {
    await Promise.all([kms.stop(), fixed.stop()])
  }
}

async function* inProcess(): AsyncIterable<Comparison> {
  const directory = await mkdtemp(join(tmpdir(), 'bongtu-bench-'))
  const kms = await localKms({ directory }, seed)
  try {
    const made = await kms.entry(await signedRequest('Encrypt', 'localhost', none))
    const blob = blobOf(made.body)
    for (const name of measured) {
      yield {
        name: `${name}, ${atOnce} at once`,
        work: calls,
        unit: 'calls',
        sides: [throughEntry(kms, name, blob), throughClient(kms, name, blob)],
        floors: [],
      }
    }
  } finally {
    await kms.close()
    await rm(directory, { recursive: true })
  }
}

const none = new Uint8Array(0)

const throughEntry = (kms: LocalKms, name: Measured, blob: Uint8Array): Side => ({
  name: entry,
  run: async () => {
    const request = await signedRequest(name, 'localhost', blob)
    await together(async () => {
      const { status, body } = await kms.entry(request)
      if (status !== 200) throw new Error(new TextDecoder().decode(body))
    })
  },
  atLeast: floors.entry,
})

const throughClient = (kms: LocalKms, name: Measured, blob: Uint8Array): Side => {
  const sdk = new KMSClient(kms.clientConfig())
  return { name: client, run: () => together(() => sdk.send(commands[name](blob) as never)) }
}

const together = async (call: () => Promise<unknown>): Promise<void> => {
  let left = calls
  const one = async (): Promise<void> => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

async function* gauges(): AsyncIterable<Gauge> {
  for (const name of measured) {
    const sorted = (latencies.get(name) ?? [])
      .slice(1)
      .flat()
      .sort((a, b) => a - b)
    const percentile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    yield { name: `${name}, ${atOnce} connections, p50`, value: percentile(0.5), unit: 'ms' }
    yield { name: `${name}, ${atOnce} connections, p99`, value: percentile(0.99), unit: 'ms' }
  }
  const first = await medianOf(startups, () => startupTime('--memory'))
  yield { name: `${server}: from start to first answer, median`, value: first, unit: 'ms', atMost: 300 }
  yield { name: 'testKms(), median', value: await medianOf(freshOnes, freshKms), unit: 'ms', atMost: 20 }
}

const freshKms = async (): Promise<number> => {
  const begun = performance.now()
  const fresh = await testKms()
  const time = performance.now() - begun
  await fresh.close()
  return time
}

const medianOf = async (count: number, measure: () => Promise<number>): Promise<number> => {
  const values: number[] = []
  for (let index = 0; index < count; index++) values.push(await measure())
  return median(values)
}

export const kms: Section = {
  name: 'kms',
  title: 'the reference KMS: SQLite store, signatures checked, every call logged',
  comparisons,
  gauges,
}
