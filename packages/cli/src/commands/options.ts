import type { CommitmentPolicy } from '@bongtu/client'
import { type Command, InvalidArgumentError, Option } from 'commander'

/** Where calls to AWS KMS go, and as whom. */
export interface AwsFlags {
  readonly profile?: string
  readonly region?: string
  readonly endpointUrl?: string
  readonly allowPlainHttp?: boolean
}

/** Which keys of AWS KMS may be asked without being named. */
export interface DiscoveryFlags {
  readonly discovery?: boolean
  readonly account?: readonly string[]
  readonly partition?: string
}

/** Options of every command that uses keys. */
export interface KeyFlags extends AwsFlags {
  readonly key: readonly string[]
  readonly context: readonly string[]
  readonly commitmentPolicy?: CommitmentPolicy
  readonly maxEncryptedDataKeys?: number | false
}

/** Options of every command that writes files. */
export interface OutputFlags {
  readonly output?: string
  readonly force: boolean
  readonly json: boolean
}

/** Options of every command that reads headers. */
export interface LimitFlags {
  readonly maxEncryptedDataKeys?: number | false
  readonly maxHeaderLength?: number
}

/** Options of every command that opens messages. */
export interface OpenFlags extends KeyFlags, DiscoveryFlags, LimitFlags {
  readonly maxFrameLength?: number
  readonly allowNet400: boolean
}

/** Options of every command that takes many files. */
export interface ManyFlags {
  readonly recursive: boolean
  readonly suffix: string
}

const policies: readonly CommitmentPolicy[] = [
  'require-encrypt-require-decrypt',
  'require-encrypt-allow-decrypt',
  'forbid-encrypt-allow-decrypt',
]

/** An option that may be given several times, one value each: it never swallows the arguments behind it. */
export const repeated = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

export function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number
    throw new InvalidArgumentError(`It is a whole number of at least ${least}.`)
  }
}

const countOrNone = (value: string): number | false => (value === 'none' ? false : wholeNumber(1)(value))

const NOBODY: readonly string[] = []

export function keyOptions(command: Command, context: string): void {
  command.option(
    '-k, --key <uri>',
    'the key, of a kind that `bongtu --help` lists; several -k for several keys (default: local-kms:alias/bongtu to encrypt, local-kms:* to decrypt)',
    repeated,
    NOBODY,
  )
  useOptions(command, context)
}

/** What goes with keys, whatever the option that names them. */
function useOptions(command: Command, context: string): void {
  command
    .option('-c, --context <name=value>', context, repeated, NOBODY)
    .addOption(new Option('--commitment-policy <policy>', 'which suites are written and read').choices(policies))
  awsOptions(command)
}

/** Options of AWS KMS: each goes before the variable of the environment that AWS has for it. */
function awsOptions(command: Command): void {
  command
    .option('--profile <name>', 'the shared AWS profile for calls to AWS KMS (default: $AWS_PROFILE)')
    .option('--region <region>', 'the Region of keys that are named without it (default: $AWS_REGION)')
    .option('--endpoint-url <url>', 'where calls to AWS KMS go (default: $AWS_ENDPOINT_URL_KMS)')
    .option('--allow-plain-http', 'let that be plain http on another machine: data keys cross the network in clear')
}

function discoveryOptions(command: Command): void {
  command
    .option('--discovery', 'decrypt with whatever key of AWS KMS a message names, of the accounts and Region given')
    .option('--account <id>', 'with --discovery: an account whose keys may be asked; any for all', repeated)
    .option('--partition <partition>', 'with --discovery: their partition (default: aws)')
}

export function outputOptions(command: Command, output: string): void {
  command
    .option('-o, --output <out>', output)
    .option('-f, --force', 'replace existing files', false)
    .option('--json', 'report each file in one line of JSON', false)
}

export function manyOptions(command: Command, suffix: string): void {
  command
    .option('-r, --recursive', 'take the files in folders; links in them are not followed', false)
    .option('--suffix <suffix>', 'what the names of encrypted files end in', suffix)
}

export function keyLimitOption(command: Command): void {
  command.option(
    '--max-encrypted-data-keys <number>',
    'most encrypted data keys in a message; none for no limit (default: 10)',
    countOrNone,
  )
}

export function headerLimitOption(command: Command): void {
  command.option('--max-header-length <bytes>', 'longest header (default: 1 MiB)', wholeNumber(1))
}

const EXPECTED = 'a pair that the message must have been encrypted with; several -c for several pairs'

export function openOptions(command: Command): void {
  keyOptions(command, EXPECTED)
  readOptions(command)
}

/** As `openOptions`, where one option names the keys to open with and another those to encrypt under. */
export function fromToOptions(command: Command): void {
  command
    .option('--from <uri>', 'a key to open with; several for several keys (default: local-kms:*)', repeated, NOBODY)
    .requiredOption('--to <uri>', 'a key to encrypt under; several for several keys', repeated)
  useOptions(command, EXPECTED)
  readOptions(command)
}

function readOptions(command: Command): void {
  discoveryOptions(command)
  keyLimitOption(command)
  headerLimitOption(command)
  command
    .option('--max-frame-length <bytes>', 'longest frame (default: 64 MiB)', wholeNumber(1))
    .option('--allow-net-400', 'also open what the AWS Encryption SDK for .NET 4.0.0 wrote', false)
}
