import type { Kms } from '../kms.ts'
import { KmsError } from '../wire/errors.ts'
import { keyArn } from './arn.ts'
import { relatedKeys } from './destroy.ts'
import type { KeyRecord } from './key-record.ts'

/** Throws UnsupportedOperationException for a replica, and for a key that has replicas: all would have to rotate at once. */
export async function checkPlace(kms: Kms, key: KeyRecord): Promise<void> {
  if (key.multiRegion === 'REPLICA') {
    throw new KmsError('UnsupportedOperationException', `${keyArn(key)} is not a multi-region primary key.`)
  }
  if ((await relatedKeys(kms, key)).length > 1) {
    throw new KmsError('UnsupportedOperationException', `${keyArn(key)} has replicas, and does not rotate.`)
  }
}
