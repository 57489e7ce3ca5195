import type { KeyOverview, MaterialOverview } from '@bongtu/kms'
import type { KeysFlags } from '../../commands/kms/keys.ts'
import type { Io } from '../../io.ts'
import { reportLine } from '../../report.ts'
import { tell } from '../../terminal/messages.ts'
import { printable, quoted } from '../../terminal/printable.ts'
import { durationText, timeText } from '../../terminal/times.ts'
import { withKms } from './open.ts'

/** `bongtu kms keys` */
export async function listKeys(flags: KeysFlags, io: Io): Promise<void> {
  await withKms(flags, io, false, async (kms) => {
    let none = true
    for await (const key of kms.keys()) {
      none = false
      if (flags.json) reportLine(io, false, key)
      else io.stdout.write(keyText(key, kms.clock.now()))
    }
    if (none) tell(io, 'there are no keys yet')
  })
}

const states: Readonly<Record<MaterialOverview['state'], string>> = {
  CURRENT: 'encrypts and decrypts',
  NON_CURRENT: 'decrypts only',
  PENDING_ROTATION: 'waits for the next rotation',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'waits for its replicas and the next rotation',
}

function keyText(key: KeyOverview, now: Date): string {
  const { arn, aliases, state, origin, manager, description, createdAt, deletion, nextRotation, materials } = key
  const rows: readonly (readonly [string, string])[] = [
    ['aliases', aliases.length === 0 ? 'none' : aliases.join(', ')],
    ['state', deletion === null ? state : `${state}, to be deleted at ${timeText(deletion)}`],
    [
      'made',
      `${timeText(createdAt)}, ${manager === 'AWS' ? 'as an AWS managed key' : `with material of origin ${origin}`}`,
    ],
    ...(description === '' ? [] : [['description', quoted(description)] as const]),
    ['rotation', nextRotation === null ? 'not by itself' : `by itself, next at ${timeText(nextRotation)}`],
  ]
  const lines = [
    `key ${arn}`,
    ...rows.map(([label, value]) => `  ${label.padEnd(12)} ${value}`),
    ...materials.flatMap((material) => materialLines(material, now)),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function materialLines({ id, state, rotatedAt, domainKey }: MaterialOverview, now: Date): string[] {
  const since = rotatedAt === null ? '' : `, came by the rotation at ${timeText(rotatedAt)}`
  return [`  material     ${id}`, `    ${states[state]}${since}`, `    ${domainKeyText(domainKey, now)}`]
}

function domainKeyText(domainKey: MaterialOverview['domainKey'], now: Date): string {
  if (domainKey === null) return 'is not there: it was deleted, or has expired'
  const { id, createdAt, active } = domainKey
  const age = createdAt === null ? 'new' : `${durationText(now.getTime() - createdAt.getTime())} old`
  return `its key token is under domain key ${id}, ${active ? 'active, ' : ''}${age}`
}
