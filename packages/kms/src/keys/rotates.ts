import type { Kms } from '../kms.ts'
import { KmsError } from '../wire/errors.ts'
import { keyArn } from './arn.ts'
import { relatedKeys } from './destroy.ts'
import type { KeyRecord } from './key-record.ts'
import { wrongOrigin } from './states.ts'

/** Throws UnsupportedOperationException for keys that do not rotate by themselves. */
export async function checkRotates(kms: Kms, key: KeyRecord): Promise<void> {
  if (key.origin !== 'AWS_KMS') throw wrongOrigin(key)
  await checkPlace(kms, key)
}

/** A multi-Region key rotates in all its Regions at once, at the word of its primary. */
export async function checkPlace(kms: Kms, key: KeyRecord): Promise<void> {
  if (key.multiRegion === 'REPLICA') {
    throw new KmsError('UnsupportedOperationException', `${keyArn(key)} is not a multi-region primary key.`)
  }
  if ((await relatedKeys(kms, key)).length > 1) {
    throw new KmsError('UnsupportedOperationException', `${keyArn(key)} has replicas, and does not rotate.`)
  }
}
