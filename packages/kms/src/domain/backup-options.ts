import { bytes, type OptionNames, readOptions } from '@bongtu/crypto/options'
import type { BackupToRead } from './put-back.ts'

const OPTIONS: OptionNames<BackupToRead> = { backup: true, passphrase: true }

/** Throws a TypeError for an unknown option, and for one that is not bytes. */
export function readBackupOptions(what: string, given: BackupToRead): BackupToRead {
  const options = readOptions(what, given, OPTIONS)
  bytes(`${what}: backup`, options.backup)
  if (options.passphrase !== undefined) bytes(`${what}: passphrase`, options.passphrase)
  return options
}
