import type { LocalKms } from '@bongtu/kms'
import type { RotateFlags } from '../../commands/kms/rotate.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { ask } from './ask.ts'
import { withKms } from './open.ts'

/** The parts of a key ARN that say where its key is. */
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):/

/** `bongtu kms rotate` */
export async function rotateKms(key: string | undefined, flags: RotateFlags, io: Io): Promise<void> {
  if ((key === undefined) !== flags.domain) throw usage('name either a key to rotate, or --domain for the domain key')
  const [, region, account] = ARN.exec(key ?? '') ?? []
  const place = region === undefined || account === undefined ? flags : { ...flags, region, account }
  await withKms(place, io, false, (kms) => (key === undefined ? rotateDomain(kms, io) : rotateKey(kms, key, io)))
}

async function rotateDomain(kms: LocalKms, io: Io): Promise<void> {
  await kms.rotateDomainKey()
  const { domain } = await kms.status()
  const those = domain.quarantine.length === 0 ? '' : ' that opens'
  io.stdout.write(`version ${domain.version} of the domain: every key token${those} is under its new domain key\n`)
}

/** RotateKeyOnDemand takes no alias, and answers no material id. */
async function rotateKey(kms: LocalKms, key: string, io: Io): Promise<void> {
  const { KeyId } = await metadata(kms, key)
  await ask(kms, 'RotateKeyOnDemand', { KeyId })
  const { Arn, CurrentKeyMaterialId } = await metadata(kms, KeyId)
  io.stdout.write(`${Arn} encrypts under material ${CurrentKeyMaterialId} now\n`)
}

interface Metadata {
  readonly KeyId: string
  readonly Arn: string
  readonly CurrentKeyMaterialId: string
}

async function metadata(kms: LocalKms, key: string): Promise<Metadata> {
  const { KeyMetadata } = await ask(kms, 'DescribeKey', { KeyId: key })
  return KeyMetadata as Metadata
}
