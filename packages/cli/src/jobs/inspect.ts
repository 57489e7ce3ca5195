import { type Inspection, inspect } from '@bongtu/client'
import { fileSource } from '@bongtu/client/node'
import { dearmor } from '../armor.ts'
import type { InspectFlags } from '../commands/inspect.ts'
import { expandInputs, type Input, inputName } from '../files/inputs.ts'
import { checkedSuffix } from '../files/names.ts'
import { openSource } from '../files/source.ts'
import type { Io } from '../io.ts'
import { failureFacts, headerFacts, reportLine } from '../report.ts'
import { eachTransfer } from './each-transfer.ts'
import { inspectionText } from './inspection-text.ts'
import { requireAllRead, tellLeftOut } from './left-out.ts'

const IN_ORDER = 1

/** `bongtu inspect` */
export async function inspectFiles(paths: readonly string[], flags: InspectFlags, io: Io): Promise<void> {
  const suffix = checkedSuffix(flags.suffix)
  const expanded = await expandInputs(paths, flags.recursive, (name) => name.endsWith(suffix))
  const { inputs } = expanded
  tellLeftOut(expanded, io)
  const transfers = inputs.map((input) => ({ input, place: { kind: 'stdout' } as const }))
  await eachTransfer(
    transfers,
    io,
    async ({ input }) => {
      const inspection = await inspectOne(input, flags, io)
      if (flags.json) reportLine(io, false, { input: inputName(input), ...facts(inspection) })
      else io.stdout.write(inspectionText(inputName(input), inspection))
    },
    ({ input }, error) => {
      if (flags.json) reportLine(io, false, { input: inputName(input), ...failureFacts(error) })
    },
    IN_ORDER,
  )
  requireAllRead(expanded)
}

/** A file is looked at from both ends, where it is not Base64; of anything else only the header is read. */
async function inspectOne(input: Input, flags: InspectFlags, io: Io): Promise<Inspection> {
  const { maxEncryptedDataKeys, maxHeaderLength } = flags
  const options = {
    signal: io.signal,
    ...(maxEncryptedDataKeys === undefined ? {} : { maxEncryptedDataKeys }),
    ...(maxHeaderLength === undefined ? {} : { maxHeaderLength }),
  }
  if (input.kind === 'file' && (await isBinary(input.path))) {
    await using source = await fileSource(input.path)
    return await inspect(source, options)
  }
  const { stream } = await openSource(input, io)
  const bytes = dearmor()
  stream.on('error', (error) => bytes.destroy(error))
  try {
    return await inspect(stream.pipe(bytes), options)
  } finally {
    stream.destroy()
  }
}

/** Whether a file begins like a message does, and can be read from anywhere. */
async function isBinary(path: string): Promise<boolean> {
  await using source = await fileSource(path)
  if (source.size === 0) return false
  const [first] = await source.read(0, 1)
  return first === 1 || first === 2
}

function facts(inspection: Inspection): object {
  const { header, headerLength, messageLength, plaintextLength, structure, readableUnder } = inspection
  return {
    authenticated: false,
    structure,
    messageLength,
    headerLength,
    plaintextLength,
    header: headerFacts(header),
    readableUnder,
  }
}
