import { readFile } from 'node:fs/promises'
import type { DomainHealth, LocalKms } from '@bongtu/kms'
import type { DoctorFlags } from '../../commands/kms/doctor.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure, usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { reportLine } from '../../report.ts'
import { printable } from '../../terminal/printable.ts'
import { throwAsUsage } from './failures.ts'
import { withKms } from './open.ts'
import { passphraseOf } from './passphrase.ts'
import { quarantineRows } from './quarantine-rows.ts'

/** `bongtu kms doctor` */
export async function kmsDoctor(flags: DoctorFlags, io: Io): Promise<void> {
  const { fromBackup, giveUp } = flags
  if (fromBackup !== undefined && giveUp !== undefined) throw usage('give --from-backup or --give-up, not both')
  if (fromBackup === undefined && flags.passphraseFile !== undefined) {
    throw usage('--passphrase-file belongs to --from-backup')
  }
  const backup = fromBackup === undefined ? undefined : await readFile(fromBackup)
  const passphrase = await passphraseOf(flags.passphraseFile, io)
  await withKms(flags, io, false, async (kms) => {
    const from = backup === undefined ? undefined : { backup, ...(passphrase === undefined ? {} : { passphrase }) }
    const putBack = from === undefined ? [] : await kms.putBack(from).catch(throwAsUsage)
    if (giveUp !== undefined) await giveUpKey(kms, giveUp)
    const health = await kms.examine()
    report(health, putBack, flags, io)
    if (health.quarantine.some(({ givenUp }) => !givenUp)) {
      throw new Failure('key tokens do not open', exitCodes.quarantine, { told: true })
    }
  })
}

async function giveUpKey(kms: LocalKms, arn: string): Promise<void> {
  if ((await kms.giveUp(arn)) > 0) return
  throw new Failure(`no key token of ${arn} is in quarantine: nothing was given up`, exitCodes.failed)
}

function report(health: DomainHealth, putBack: readonly string[], { json }: DoctorFlags, io: Io): void {
  if (json) {
    reportLine(io, false, { ...health, putBack })
    return
  }
  const rows = [...putBack.map((arn) => ['put back', arn] as const), ...quarantineRows(health)]
  if (health.quarantine.length === 0) rows.push(['healthy', 'every key token opens'])
  io.stdout.write(rows.map(([label, value]) => `${label.padEnd(11)} ${printable(value)}\n`).join(''))
}
