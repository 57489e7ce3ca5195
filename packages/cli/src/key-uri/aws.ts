import { type KmsClientOptions, type KmsClientSupplier, kmsClient } from '@bongtu/keyrings/aws-kms'
import type { AwsFlags } from '../commands/options.ts'
import { usage } from '../failure.ts'
import type { KeyUri } from './parse.ts'

/** What every key of AWS KMS may say of the calls for it. It goes before the options of the command. */
export const AWS_PARAMETERS: readonly string[] = ['profile', 'region', 'endpoint-url']

/** Clients of this package for the calls that one key causes. A key that is named without its Region is in `region`. */
export function clientsOf({ parameters }: KeyUri, flags: AwsFlags, region: string | undefined): KmsClientSupplier {
  const profile = parameters.get('profile') ?? flags.profile
  const endpoint = parameters.get('endpoint-url') ?? flags.endpointUrl
  const options: KmsClientOptions = {
    allowPlainHttp: flags.allowPlainHttp === true,
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
  // What is wrong with the options shows now, before anything is read.
  kmsClient(options)
  return (named = region) => kmsClient(named === undefined ? options : { ...options, region: named })
}

export const regionOf = ({ parameters }: KeyUri, flags: AwsFlags): string | undefined =>
  parameters.get('region') ?? flags.region

/** The values of a parameter that takes several, divided by commas; `undefined` where it is not given. */
export function listOf({ text, parameters }: KeyUri, name: string): readonly string[] | undefined {
  const values = parameters.get(name)?.split(',')
  if (values?.includes('') === true) throw usage(`${text}: ${name} takes one value, or several divided by commas`)
  return values
}
