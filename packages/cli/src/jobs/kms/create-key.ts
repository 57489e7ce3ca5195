import type { LocalKms } from '@bongtu/kms'
import type { CreateKeyFlags } from '../../commands/kms/create-key.ts'
import type { DataFlags } from '../../commands/kms/options.ts'
import { refused } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { tell } from '../../terminal/messages.ts'
import { contextOf } from '../context.ts'
import { ask, call } from './ask.ts'
import { withKms } from './open.ts'

/** `bongtu kms create-key` */
export async function createKmsKey(flags: CreateKeyFlags, io: Io): Promise<void> {
  const { alias, description, rotationDays } = flags
  const tags = Object.entries(contextOf(flags.tag, '--tag')).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
  await withKms(flags, io, true, async (kms) => {
    if (alias !== undefined) await refuseTaken(kms, alias)
    const { KeyMetadata } = await ask(kms, 'CreateKey', {
      ...(description === undefined ? {} : { Description: description }),
      ...(tags.length === 0 ? {} : { Tags: tags }),
    })
    const { KeyId, Arn } = KeyMetadata as { readonly KeyId: string; readonly Arn: string }
    // Whatever fails from here on, the key is there: its user must learn its name.
    io.stdout.write(`${Arn}\n`)
    if (alias !== undefined) await ask(kms, 'CreateAlias', { AliasName: alias, TargetKeyId: KeyId })
    if (rotationDays !== undefined) {
      await ask(kms, 'EnableKeyRotation', { KeyId, RotationPeriodInDays: rotationDays })
    }
    // local-kms: is the default account, and looks for an alias in the default Region.
    if (alias === undefined || flags.account !== undefined) return
    tell(io, `encrypt under it with -k '${keyUri(flags.region === undefined ? alias : Arn, flags)}'`)
  })
}

/** With what leads to the same data folder. */
function keyUri(key: string, { data, rootPassphraseFile, root }: DataFlags): string {
  const parameters = Object.entries({ data, 'root-passphrase-file': rootPassphraseFile, root })
    .filter(([, value]) => value !== undefined)
    .map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`)
  return `local-kms:${key}${parameters.length === 0 ? '' : `?${parameters.join('&')}`}`
}

/** Before anything is made, so that no key is left without the name that it was made for. */
async function refuseTaken(kms: LocalKms, alias: string): Promise<void> {
  const { status, answer } = await call(kms, 'DescribeKey', { KeyId: alias })
  if (status !== 200) return
  const { Arn } = answer.KeyMetadata as { readonly Arn: string }
  throw refused(`${alias} leads to ${Arn} already: nothing was made`)
}
