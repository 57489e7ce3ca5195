import { join } from 'node:path'
import type { StatusFlags } from '../../commands/kms/status.ts'
import type { Io } from '../../io.ts'
import { reportLine } from '../../report.ts'
import { printable } from '../../terminal/printable.ts'
import { durationText, timeText } from '../../terminal/times.ts'
import { dataFolder, withKms } from './open.ts'
import { quarantineRows } from './quarantine-rows.ts'

const DEAD_STATEMENT =
  'has a policy with a statement that matches nothing: put a policy whose statements all have the Resource "*"'

/** `bongtu kms status` */
export async function kmsStatus(flags: StatusFlags, io: Io): Promise<void> {
  const data = dataFolder(flags, io)
  await withKms(flags, io, false, async (kms) => {
    const { keys, policiesToCorrect, domain } = await kms.status()
    if (flags.json) return reportLine(io, false, { data, keys, policiesToCorrect, ...domain })
    const age = durationText(kms.clock.now().getTime() - domain.activeSince.getTime())
    const root =
      flags.root ?? (flags.rootPassphraseFile === undefined ? join(data, 'root.key') : 'derived from a passphrase')
    const rows = [
      ['data', data],
      ['root key', root],
      ['domain', `version ${domain.version}, a ring of ${count(domain.domainKeys, 'domain key')}`],
      ['domain key', `active for ${age}, the next one comes at ${timeText(domain.nextRotation)}`],
      ['keys', String(keys)],
      ...policiesToCorrect.map((arn) => ['policy', `${arn} ${DEAD_STATEMENT}`] as const),
      ...quarantineRows(domain),
    ] as const
    io.stdout.write(rows.map(([label, value]) => `${label.padEnd(11)} ${printable(value)}\n`).join(''))
  })
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
