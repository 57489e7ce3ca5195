import type { EncryptOptions } from '@bongtu/client'
import { encryptTransform } from '@bongtu/client/node'
import { armor } from '../armor.ts'
import type { EncryptFlags } from '../commands/encrypt.ts'
import { usage } from '../failure.ts'
import { expandInputs } from '../files/inputs.ts'
import { checkedSuffix, encryptedName } from '../files/names.ts'
import { planTransfers, type Transfer } from '../files/plan.ts'
import type { Io } from '../io.ts'
import { keyringOf } from '../key-uri/keyring.ts'
import { headerFacts } from '../report.ts'
import { withCache } from './cache.ts'
import { contextOf } from './context.ts'
import { requireAllRead, tellLeftOut } from './left-out.ts'
import { pipe } from './pipe.ts'
import { transferAll } from './transfer.ts'
import { tryOptions } from './try-options.ts'

/** `bongtu encrypt` */
export async function encryptFiles(paths: readonly string[], flags: EncryptFlags, io: Io): Promise<void> {
  const suffix = checkedSuffix(flags.suffix)
  const options = await encryptOptions(flags, io)
  const expanded = await expandInputs(paths, flags.recursive, (name) => suffix === '' || !name.endsWith(suffix))
  const transfers = await planTransfers(expanded, flags.output, encryptedName(suffix))
  tellLeftOut(expanded, io)
  requireNoBinaryTerminal(transfers, flags, io)
  await withCache(flags, (cache) =>
    transferAll(transfers, flags, io, async ({ from, size, read, written, sink }) => {
      const seal = encryptTransform({ ...options, ...cache, ...announced(flags, size) })
      await pipe(from, [read, seal, ...(flags.armor ? [armor()] : []), written], sink, io)
      const { header, dataKeyCached } = await seal.started
      return { header: headerFacts(header), dataKeyCached }
    }),
  )
  requireAllRead(expanded)
}

/**
 * Where data keys may encrypt so many bytes and no more, a file that says its length is held to it. Files that the system
 * makes up as they are read say that they are empty.
 */
const announced = ({ cache }: EncryptFlags, size: number | null): Pick<EncryptOptions, 'plaintextLength'> =>
  cache?.maxBytes === undefined || size === null || size === 0 ? {} : { plaintextLength: size }

/** Throws a usage failure, or what the client says of the options, before any file is opened. */
async function encryptOptions(flags: EncryptFlags, io: Io): Promise<EncryptOptions> {
  const { suite, commitmentPolicy, maxEncryptedDataKeys } = flags
  const options: EncryptOptions = {
    keyring: await keyringOf(flags.key, 'encrypt', io, flags),
    encryptionContext: contextOf(flags.context),
    requiredEncryptionContextKeys: flags.requiredContext,
    frameLength: flags.frameLength,
    signal: io.signal,
    ...(suite === undefined ? {} : { algorithmSuite: suite }),
    ...(commitmentPolicy === undefined ? {} : { commitmentPolicy }),
    ...(maxEncryptedDataKeys === undefined ? {} : { maxEncryptedDataKeys }),
  }
  tryOptions(io, () => encryptTransform(options))
  return options
}

function requireNoBinaryTerminal(transfers: readonly Transfer[], flags: EncryptFlags, io: Io): void {
  if (flags.armor || io.stdout.isTTY !== true || !transfers.some(({ place }) => place.kind === 'stdout')) return
  throw usage('a message is binary and is not written to a terminal; name a file with -o, or give --armor for text')
}
