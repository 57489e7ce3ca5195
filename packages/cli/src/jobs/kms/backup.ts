import { join } from 'node:path'
import type { BackupFlags } from '../../commands/kms/backup.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import type { Io } from '../../io.ts'
import { tell } from '../../terminal/messages.ts'
import { throwAsUsage } from './failures.ts'
import { dataFolder, withKms } from './open.ts'
import { passphraseOf } from './passphrase.ts'

/** `bongtu kms backup` */
export async function backupKms(flags: BackupFlags, io: Io): Promise<void> {
  const passphrase = await passphraseOf(flags.passphraseFile, io)
  await withKms(flags, io, false, async (kms) => {
    await writeWholeFile(flags.output, await kms.backup(passphrase).catch(throwAsUsage), flags.force)
  })
  if (passphrase !== undefined) return
  const file = flags.rootPassphraseFile === undefined ? join(dataFolder(flags, io), 'root.key') : 'its root passphrase'
  const root = flags.root === undefined ? file : 'the root key in its token'
  tell(io, `the backup opens only with ${root}, which is not in it: keep both, and keep them apart`)
}
