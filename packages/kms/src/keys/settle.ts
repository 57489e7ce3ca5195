import type { Kms } from '../kms.ts'
import { destroyIfDue } from './destroy.ts'
import { expireIfDue } from './expire.ts'
import { type KeyRecord, keyDue, rotationDue } from './key-record.ts'
import { rotateIfDue } from './rotate.ts'

/** Does what has fallen due on the key, and answers it as it is then: `undefined` where it is gone. */
export async function settleKey(kms: Kms, key: KeyRecord): Promise<KeyRecord | undefined> {
  let settled: KeyRecord | undefined = key
  while (settled !== undefined && isDue(keyDue(settled), kms.clock.now())) {
    const work: (kms: Kms, key: KeyRecord) => Promise<KeyRecord | undefined> = nextWork(settled, kms.clock.now())
    settled = await work(kms, settled)
  }
  return settled
}

function nextWork(key: KeyRecord, now: number) {
  if (isDue(key.deletion?.date, now)) return destroyIfDue
  return isDue(rotationDue(key), now) ? rotateIfDue : expireIfDue
}

function isDue(time: number | null | undefined, now: number): boolean {
  return time != null && time <= now
}
