import type { Operation } from '../call.ts'
import { DAY, toSeconds } from '../clock.ts'
import { keyArn } from '../keys/arn.ts'
import { changeKey } from '../keys/change-key.ts'
import { relatedKeys } from '../keys/destroy.ts'
import { openKey } from '../keys/resolve.ts'
import { invalid } from '../wire/errors.ts'

const SHORTEST = 7
const LONGEST = 30

/** A primary key with replicas waits for them to be deleted; its own wait starts after the last. */
export const scheduleKeyDeletion: Operation<'ScheduleKeyDeletion'> = async (call, input) => {
  const windowInDays = input.PendingWindowInDays ?? LONGEST
  if (windowInDays < SHORTEST || windowInDays > LONGEST) {
    throw invalid(`PendingWindowInDays must be between ${SHORTEST} and ${LONGEST}`)
  }
  const named = await openKey(call, input.KeyId, 'ScheduleKeyDeletion')
  const replicas = (await relatedKeys(call.kms, named)).filter((one) => one.multiRegion === 'REPLICA')
  const waits = named.multiRegion === 'PRIMARY' && replicas.length > 0
  const date = waits ? null : call.kms.clock.now() + windowInDays * DAY
  const key = await changeKey(call, input.KeyId, 'ScheduleKeyDeletion', (current) => ({
    ...current,
    state: waits ? 'PendingReplicaDeletion' : 'PendingDeletion',
    deletion: { date, windowInDays },
  }))
  return {
    KeyId: keyArn(key),
    ...(date === null ? {} : { DeletionDate: toSeconds(date) }),
    KeyState: key.state,
    PendingWindowInDays: windowInDays,
  }
}
