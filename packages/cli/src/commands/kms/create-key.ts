import type { Leaf } from '../command.ts'
import { repeated } from '../options.ts'
import { type DataFlags, dataOptions, matching, type PlaceFlags, placeOptions, wholeNumberOf } from './options.ts'

export interface CreateKeyFlags extends DataFlags, PlaceFlags {
  readonly alias?: string
  readonly description?: string
  readonly tag: readonly string[]
  readonly rotationDays?: number
}

const aliasName = matching(
  /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/,
  'alias/ and a name of letters, digits and /_-, which does not begin with aws/',
)
const NO_TAGS: readonly string[] = []

export const createKey: Leaf = {
  name: 'create-key',
  summary: 'make a symmetric encryption key, and print its ARN',
  examples: [
    {
      does: 'make a key that rotates every 90 days, and encrypt under it',
      line: 'bongtu kms create-key --alias alias/reports --rotation-days 90 && bongtu encrypt report.pdf -k local-kms:alias/reports',
    },
    {
      does: 'make a key for another account and Region',
      line: "ARN=$(bongtu kms create-key --account 444455556666 --region eu-west-3 --description 'orders' --tag team=shop)",
    },
  ],
  define(command) {
    dataOptions(command)
    placeOptions(command)
    command
      .option('--alias <alias/name>', 'a name for it; nothing is made where the name is taken', aliasName)
      .option('--description <text>', 'what it is for')
      .option('--tag <name=value>', 'a tag; several --tag for several tags', repeated, NO_TAGS)
      .option('--rotation-days <days>', 'rotate it by itself every so many days, 90 to 2560', wholeNumberOf(90, 2560))
  },
  async run(_args, flags, io) {
    const { createKmsKey } = await import('../../jobs/kms/create-key.ts')
    await createKmsKey(flags as CreateKeyFlags, io)
  },
}
