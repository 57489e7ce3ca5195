import type { Call, Operation } from '../call.ts'
import { keyArn } from '../keys/arn.ts'
import { transactOnKey } from '../keys/change-key.ts'
import type { KeyRecord } from '../keys/key-record.ts'
import { materialsOf } from '../keys/materials.ts'
import { rotate } from '../keys/rotate.ts'
import { checkPlace } from '../keys/rotates.ts'
import { type Material, materials } from '../store/material.ts'
import { KmsError } from '../wire/errors.ts'

const MOST = 25
/** So close before a rotation of its own accord, another is refused. Milliseconds. */
const QUIET_TIME = 20 * 60_000

export const rotateKeyOnDemand: Operation<'RotateKeyOnDemand'> = async (call, input) => {
  const { kms } = call
  return transactOnKey(call, input.KeyId, 'RotateKeyOnDemand', async (key, transaction) => {
    await checkPlace(kms, key)
    const now = kms.clock.now()
    checkSchedule(key, now)
    const waiting = key.origin === 'EXTERNAL' ? await pendingMaterial(call, key) : undefined
    const pending = waiting === undefined ? undefined : await transaction.get(materials, materials.id(waiting))
    const rotation = { ...key.rotation, onDemandCount: key.rotation.onDemandCount + 1 }
    await rotate(kms, transaction, key, { type: 'ON_DEMAND', date: now }, { rotation }, pending)
    return { KeyId: keyArn(key) }
  })
}

function checkSchedule(key: KeyRecord, now: number): void {
  const { onDemandCount, nextAt } = key.rotation
  if (onDemandCount >= MOST) {
    throw new KmsError(
      'LimitExceededException',
      `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${keyArn(key)}`,
    )
  }
  if (nextAt !== null && nextAt - now <= QUIET_TIME) {
    throw new KmsError('ConflictException', `An automatic rotation is about to take place for the key: ${keyArn(key)}`)
  }
}

async function pendingMaterial({ kms }: Call, key: KeyRecord): Promise<Material> {
  const waiting = (await materialsOf(kms, key)).find((material) => material.state === 'PENDING_ROTATION')
  if (waiting !== undefined) return waiting
  const text = `No available key material pending rotation for the key: ${keyArn(key)}.`
  throw new KmsError('KMSInvalidStateException', text)
}
