import type { Readable, Transform } from 'node:stream'
import { inputName } from '../files/inputs.ts'
import { type Place, placeName, type Transfer } from '../files/plan.ts'
import { openSink, type Sink } from '../files/sink.ts'
import { openSource } from '../files/source.ts'
import type { Io } from '../io.ts'
import { failureFacts, reportLine } from '../report.ts'
import { meter } from '../terminal/meter.ts'
import { type Progress, progress } from '../terminal/progress.ts'
import { eachTransfer } from './each-transfer.ts'

export interface TransferFlags {
  /** Whether existing files are replaced. */
  readonly force: boolean
  /** Whether each file is reported in a line of JSON. */
  readonly json: boolean
}

/** An opened input and output. `read` stands first among what the bytes go through, `written` last. */
export interface Ends {
  readonly from: Readable
  /** Bytes that will come; `null` where that is not known. */
  readonly size: number | null
  readonly read: Transform
  readonly written: Transform
  readonly sink: Sink
  readonly place: Place
}

/** Moves everything from one end to the other, and answers what a report says of it. Its rejection discards the result. */
export type Move = (ends: Ends) => Promise<object>

/** Does all transfers by `move`: opens both ends, shows progress, commits or discards the result, and reports. */
export async function transferAll(
  transfers: readonly Transfer[],
  flags: TransferFlags,
  io: Io,
  move: Move,
): Promise<void> {
  const shown = progress(io, transfers.length)
  const report = ({ input, place }: Transfer, facts: object): void => {
    if (flags.json) reportLine(io, onStdout, { input: inputName(input), output: placeName(place), ...facts })
  }
  const onStdout = transfers.some(({ place }) => place.kind === 'stdout')
  try {
    await eachTransfer(
      transfers,
      io,
      async (transfer) => report(transfer, await transferOne(transfer, flags, shown, io, move)),
      (transfer, error) => report(transfer, failureFacts(error)),
    )
  } finally {
    shown.close()
  }
}

async function transferOne(
  { input, place }: Transfer,
  flags: TransferFlags,
  shown: Progress,
  io: Io,
  move: Move,
): Promise<object> {
  const source = await openSource(input, io)
  try {
    const sink = await openSink(place, source.identity, flags.force, io)
    shown.begin(source.size)
    let bytesRead = 0
    let bytesWritten = 0
    const read = meter((bytes) => {
      bytesRead += bytes
      shown.count(bytes)
    })
    const written = meter((bytes) => {
      bytesWritten += bytes
    })
    try {
      const facts = await move({ from: source.stream, size: source.size, read, written, sink, place })
      await sink.commit()
      return { bytesRead, bytesWritten, ...facts }
    } finally {
      shown.end()
      await sink.discard()
    }
  } finally {
    source.stream.destroy()
  }
}
