import type { Keyring } from '@bongtu/client'
import { type AwsKmsOptions, awsKms, awsKmsMrk } from '@bongtu/keyrings/aws-kms'
import { usage } from '../failure.ts'
import { AWS_PARAMETERS, clientsOf, regionOf } from './aws.ts'
import { decodePart, type KeyUri, refuseUnknownParameters } from './parse.ts'
import type { KeyringFactory } from './schemes.ts'

/** `aws-kms:<key ARN | key id | alias ARN | alias/…>?resolve=true` */
export const awsKmsKeyring = strict(awsKms)

/** `aws-kms-mrk:…`, which also opens what replicas of the key wrapped. */
export const awsKmsMrkKeyring = strict(awsKmsMrk)

function strict(make: (options: AwsKmsOptions) => Keyring): KeyringFactory {
  return async (uri, purpose, _io, flags) => {
    refuseUnknownParameters(uri, [...AWS_PARAMETERS, 'resolve'])
    const keyId = decodePart(uri.text, uri.path)
    const resolveKeyIds = resolveOf(uri)
    if (purpose === 'decrypt' && !resolveKeyIds && !/^arn:[^/]*:key\//.test(keyId)) throw needsArn(uri, keyId)
    return make({ keyId, resolveKeyIds, kms: clientsOf(uri, flags, regionOf(uri, flags)) })
  }
}

function resolveOf({ text, parameters }: KeyUri): boolean {
  const value = parameters.get('resolve') ?? 'false'
  if (value !== 'true' && value !== 'false') throw usage(`${text}: resolve is true or false`)
  return value === 'true'
}

const needsArn = ({ text }: KeyUri, keyId: string): Error =>
  usage(
    `${text}: messages name keys by their ARN, so that ${keyId === '' ? 'this' : keyId} alone opens none: give the key ARN, or add ${text.includes('?') ? '&' : '?'}resolve=true to have AWS KMS asked for it`,
  )
