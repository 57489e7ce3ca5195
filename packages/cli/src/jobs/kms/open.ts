import { type KmsPlace, type LocalKms, localKms } from '@bongtu/kms'
import type { DataFlags, FolderFlags, PlaceFlags } from '../../commands/kms/options.ts'
import { kmsFolder } from '../../home.ts'
import type { Io } from '../../io.ts'
import { throwAsUsage, throwExplained } from './failures.ts'
import { passphraseOf } from './passphrase.ts'

export const dataFolder = ({ data }: FolderFlags, io: Io): string => data ?? kmsFolder(io.env)

/** The data folder that the options name, or the one of this user. */
export async function placeOf(flags: DataFlags, io: Io): Promise<KmsPlace> {
  const directory = dataFolder(flags, io)
  if (flags.root !== undefined) {
    const { rootKeyIn } = await import('./token-root.ts')
    return { directory, rootKey: rootKeyIn(flags.root, io) }
  }
  const passphrase = await passphraseOf(flags.rootPassphraseFile, io)
  return { directory, ...(passphrase === undefined ? {} : { passphrase }) }
}

export const settingsOf = ({ account, region }: PlaceFlags): PlaceFlags => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
})

/**
 * Opens the KMS of a data folder beside whoever else has it open, does the work, and closes it. Where there is no KMS
 * yet, one is made if `create` says so.
 */
export async function withKms<R>(
  flags: DataFlags & PlaceFlags,
  io: Io,
  create: boolean,
  work: (kms: LocalKms) => Promise<R>,
): Promise<R> {
  const place = await placeOf(flags, io)
  const kms = await localKms({ ...place, create, ...settingsOf(flags) }).catch(throwAsUsage)
  try {
    return await work(kms).catch(throwExplained)
  } finally {
    await kms.close()
  }
}
