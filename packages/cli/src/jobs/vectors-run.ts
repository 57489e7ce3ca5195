import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { VectorsRunFlags } from '../commands/vectors.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { partialFile } from '../files/partial-file.ts'
import type { Io } from '../io.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { Outcome, VectorResult } from '../test-vectors/case.ts'
import { loadCases } from '../test-vectors/load.ts'
import { runCase } from '../test-vectors/run.ts'
import type { SeededKms } from '../test-vectors/seeded-kms.ts'
import { withSeededKms } from './with-seeded-kms.ts'

/** `bongtu vectors run` */
export async function runVectors(source: string, flags: VectorsRunFlags, io: Io): Promise<void> {
  // Begun before the work, so that it is not done for a file that may not be written.
  const report = flags.json === undefined ? null : await partialFile(flags.json, flags.force)
  try {
    const results = await withSeededKms(flags.kmsSeed, (kms) => runAll(source, flags, kms, io))
    const counts = countsOf(results)
    io.stdout.write(`${countsText(counts)}\n`)
    if (report !== null) {
      const text = `${printableJson({ source, ...counts, results }, 2)}\n`
      await pipeline(Readable.from([Buffer.from(text)]), report.stream)
      await report.commit()
    }
    if (counts.failed > 0) throw new Failure('test vectors failed', exitCodes.failed, { told: true })
  } finally {
    await report?.discard()
  }
}

const countsText = ({ passed, failed, skipped }: Record<Outcome, number>): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

async function runAll(
  source: string,
  { keys, allowNet400 }: VectorsRunFlags,
  kms: SeededKms | null,
  io: Io,
): Promise<VectorResult[]> {
  const results: VectorResult[] = []
  for (const vector of await loadCases(source, keys, kms)) {
    const result = await runCase(vector, { allowNet400, signal: io.signal })
    results.push(result)
    if (result.outcome !== 'passed') io.stdout.write(`${printable(lineOf(result))}\n`)
  }
  return results
}

const lineOf = ({ id, outcome, reason = '' }: VectorResult): string => `${outcome} ${id}: ${reason}`

function countsOf(results: readonly VectorResult[]): Record<Outcome, number> {
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') }
}
