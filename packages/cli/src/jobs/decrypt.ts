import { pipeline } from 'node:stream/promises'
import type { DecryptOptions } from '@bongtu/client'
import { type DecryptTransform, decryptTransform } from '@bongtu/client/node'
import { dearmor } from '../armor.ts'
import type { DecryptFlags } from '../commands/decrypt.ts'
import { expandInputs } from '../files/inputs.ts'
import { checkedSuffix, decryptedName } from '../files/names.ts'
import { planTransfers } from '../files/plan.ts'
import type { Io } from '../io.ts'
import { headerFacts, keyFacts } from '../report.ts'
import { sendWhenWhole } from '../spool.ts'
import { textOnly } from '../terminal/text-only.ts'
import { withCache } from './cache.ts'
import { decryptOptions } from './decrypt-options.ts'
import { requireAllRead, tellLeftOut } from './left-out.ts'
import { pipe } from './pipe.ts'
import { type Ends, transferAll } from './transfer.ts'
import { tryOptions } from './try-options.ts'

/** `bongtu decrypt` */
export async function decryptFiles(paths: readonly string[], flags: DecryptFlags, io: Io): Promise<void> {
  const suffix = checkedSuffix(flags.suffix)
  const options: DecryptOptions = {
    ...(await decryptOptions(flags, io)),
    // Frames leave the stream as they verify. Whether they leave the process before the signature did is decided below.
    unverified: flags.unverified === 'refuse' ? 'refuse' : 'release',
  }
  tryOptions(io, () => decryptTransform(options))
  const expanded = await expandInputs(paths, flags.recursive, (name) => name.endsWith(suffix))
  const transfers = await planTransfers(expanded, flags.output, decryptedName(suffix))
  tellLeftOut(expanded, io)
  await withCache(flags, (cache) =>
    transferAll(transfers, flags, io, async (ends) => {
      const open = decryptTransform({ ...options, ...cache })
      await decryptTo(ends, open, flags.unverified === 'release', io)
      const { header, encryptedDataKey, dataKeyCached } = await open.opened
      return { header: headerFacts(header), openedWith: keyFacts(encryptedDataKey), dataKeyCached }
    }),
  )
  requireAllRead(expanded)
}

/**
 * A file has no name before all of it verified, so that it may be written as it comes. What goes to standard output
 * cannot be taken back: there a signed message waits for its signature, unless `release` says otherwise.
 */
async function decryptTo(ends: Ends, open: DecryptTransform, release: boolean, io: Io): Promise<void> {
  const { from, read, written, sink, place } = ends
  const decode = dearmor()
  const last = place.kind === 'stdout' && io.stdout.isTTY === true ? [textOnly(), written] : [written]
  if (place.kind === 'file' || release) return pipe(from, [read, decode, open, ...last], sink, io)
  let sent: Promise<void> | undefined
  const sendOn = async (): Promise<void> => {
    const { header } = await open.opened
    await (header.suite.signature === null ? pipe(open, last, sink, io) : sendWhenWhole(open, last, sink, io))
  }
  try {
    await pipeline(from, read, decode, open, () => (sent = sendOn()), { signal: io.signal })
  } finally {
    // A pipeline that fails does not wait for its last stage, which may still hold a file.
    await sent?.catch(() => {})
  }
}
