import { readFile } from 'node:fs/promises'
import { restoreKms } from '@bongtu/kms'
import type { RestoreFlags } from '../../commands/kms/restore.ts'
import type { Io } from '../../io.ts'
import { throwAsUsage } from './failures.ts'
import { placeOf } from './open.ts'
import { passphraseOf } from './passphrase.ts'

/** `bongtu kms restore` */
export async function restoreBackup(file: string, flags: RestoreFlags, io: Io): Promise<void> {
  const passphrase = await passphraseOf(flags.passphraseFile, io)
  const options = { backup: await readFile(file), ...(passphrase === undefined ? {} : { passphrase }) }
  await restoreKms(await placeOf(flags, io), options).catch(throwAsUsage)
}
