import type { Keyring } from '@bongtu/client'
import { type AwsKmsDiscoveryOptions, awsKmsDiscovery, awsKmsMrkDiscovery } from '@bongtu/keyrings/aws-kms'
import { usage } from '../failure.ts'
import { AWS_PARAMETERS, clientsOf, listOf } from './aws.ts'
import { type KeyUri, refuseUnknownParameters } from './parse.ts'
import type { KeyringFactory } from './schemes.ts'

/** `aws-kms-discovery:?account=<id,…|any>&partition=<aws>&region=<region,…>` */
export const awsKmsDiscoveryKeyring = discovery(awsKmsDiscovery)

/** `aws-kms-mrk-discovery:…`, which asks for multi-Region keys in its own Regions. */
export const awsKmsMrkDiscoveryKeyring = discovery(awsKmsMrkDiscovery)

const ANY = 'any'

function discovery(make: (options: AwsKmsDiscoveryOptions) => Keyring): KeyringFactory {
  return async (uri, purpose, _io, flags) => {
    refuseUnknownParameters(uri, [...AWS_PARAMETERS, 'account', 'partition'])
    if (uri.path !== '') throw usage(`${uri.text}: ${uri.scheme} names no key; name one with aws-kms:`)
    if (purpose === 'encrypt') throw usage(`${uri.text}: ${uri.scheme} only decrypts; encrypt with aws-kms:<key>`)
    const regions = listOf(uri, 'region') ?? (flags.region === undefined ? undefined : [flags.region])
    const clientFor = clientsOf(uri, flags, undefined)
    const filter = filterOf(uri)
    if (regions !== undefined) return make({ filter, regions, kms: clientFor })
    const own = clientFor(undefined)
    return make({ filter, ...(own === null ? {} : { kms: own }) })
  }
}

function filterOf(uri: KeyUri): AwsKmsDiscoveryOptions['filter'] {
  const accountIds = listOf(uri, 'account')
  const partition = uri.parameters.get('partition')
  if (accountIds === undefined) {
    throw usage(
      `${uri.text}: give account=ID, or several divided by commas; account=${ANY} lets whoever wrote a message choose whose key opens it`,
    )
  }
  if (!accountIds.includes(ANY)) return { partition: partition ?? 'aws', accountIds }
  if (accountIds.length > 1 || partition !== undefined) throw usage(`${uri.text}: account=${ANY} filters nothing else`)
  return 'any-account'
}
