import { Readable } from 'node:stream'
import { type OpenedRange, openRange } from '@bongtu/client'
import { fileSource } from '@bongtu/client/node'
import type { RangeFlags } from '../commands/range.ts'
import { usage } from '../failure.ts'
import { STANDARD } from '../files/inputs.ts'
import { type Place, placeName } from '../files/plan.ts'
import { openSink } from '../files/sink.ts'
import { identityOf } from '../files/source.ts'
import type { Io } from '../io.ts'
import { failureFacts, headerFacts, keyFacts, reportLine } from '../report.ts'
import { textOnly } from '../terminal/text-only.ts'
import { decryptOptions } from './decrypt-options.ts'
import { eachTransfer } from './each-transfer.ts'
import { pipe } from './pipe.ts'

/** Bytes that are decrypted at once. */
const PIECE = 1 << 20

/** `bongtu range` */
export async function readRange(path: string, flags: RangeFlags, io: Io): Promise<void> {
  if (path === STANDARD) throw usage('standard input cannot be read in parts; name a file')
  const { output } = flags
  const place: Place = output === undefined || output === STANDARD ? { kind: 'stdout' } : { kind: 'file', path: output }
  const options = { ...(await decryptOptions(flags, io)), unverified: flags.unverified }
  const report = (facts: object): void => {
    if (flags.json) reportLine(io, place.kind === 'stdout', { input: path, output: placeName(place), ...facts })
  }
  await eachTransfer(
    [{ input: { kind: 'file', path, relative: path }, place }],
    io,
    async () => {
      await using source = await fileSource(path)
      const range = await openRange(source, options)
      const { start, end } = boundsWithin(range, flags)
      const sink = await openSink(place, await identityOf(path), flags.force, io)
      try {
        const guard = place.kind === 'stdout' && io.stdout.isTTY === true ? [textOnly()] : []
        await pipe(Readable.from(pieces(range, start, end), { objectMode: false }), guard, sink, io)
        await sink.commit()
      } finally {
        await sink.discard()
      }
      const { header, encryptedDataKey, plaintextLength } = range
      const facts = { start, end, plaintextLength, header: headerFacts(header), openedWith: keyFacts(encryptedDataKey) }
      report(facts)
    },
    (_transfer, error) => report(failureFacts(error)),
  )
}

function boundsWithin(
  { plaintextLength }: OpenedRange,
  { start, end = plaintextLength }: RangeFlags,
): { start: number; end: number } {
  if (start <= end && end <= plaintextLength) return { start, end }
  throw usage(`there is no range from --start ${start} to --end ${end}: the plaintext has ${plaintextLength} bytes`)
}

async function* pieces(range: OpenedRange, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += PIECE) yield await range.read(at, Math.min(at + PIECE, end))
}
