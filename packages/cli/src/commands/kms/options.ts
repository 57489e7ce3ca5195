import { type Command, InvalidArgumentError, Option } from 'commander'

/** The option of every command that reads a data folder. */
export interface FolderFlags {
  readonly data?: string
}

/** Options of every command that opens the KMS of a data folder. */
export interface DataFlags extends FolderFlags {
  readonly rootPassphraseFile?: string
  readonly root?: string
}

/** Options of every command that acts in one account and Region. */
export interface PlaceFlags {
  readonly account?: string
  readonly region?: string
}

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

export function folderOption(command: Command): void {
  command.option(
    '--data <folder>',
    'the data folder of the KMS (default: kms in $BONGTU_HOME, or in the data folder of the user)',
  )
}

export function dataOptions(command: Command): void {
  folderOption(command)
  command
    .option(
      '--root-passphrase-file <file>',
      'derive the root key from the passphrase in this file, instead of keeping it in root.key',
    )
    .addOption(
      new Option(
        '--root <uri>',
        'keep the root key in a token: pkcs11:token=LABEL;object=LABEL?…; made there when the KMS is',
      ).conflicts('rootPassphraseFile'),
    )
}

export function placeOptions(command: Command): void {
  command
    .option('--account <digits>', 'the account, 12 digits (default: 111122223333)', matching(/^\d{12}$/, '12 digits'))
    .option(
      '--region <region>',
      'the Region (default: us-east-1)',
      matching(/^(?:[a-z]+-){2,3}\d+$/, 'the name of a Region, such as us-east-1'),
    )
}

/** `host:port`, where an IPv6 address stands in brackets. */
export function address(value: string): Address {
  const [, bracketed, bare, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(value) ?? []
  const host = bracketed ?? bare
  const port = Number(digits)
  if (host === undefined || port > 65_535) {
    throw new InvalidArgumentError('It is HOST:PORT, such as 127.0.0.1:4599; port 0 takes any that is free.')
  }
  return { host, port }
}

export function wholeNumberOf(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It is a whole number of ${least} to ${most}.`)
  }
}

export function matching(pattern: RegExp, form: string): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new InvalidArgumentError(`It is ${form}.`)
    return value
  }
}
