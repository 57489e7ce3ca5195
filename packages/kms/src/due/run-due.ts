import { checkTime, type SettableClock } from '../clock.ts'
import { keys } from '../keys/key-record.ts'
import { settleKey } from '../keys/settle.ts'
import type { Kms } from '../kms.ts'

const BATCH = 100

/**
 * Does everything that has fallen due on keys: deletions, expiries, rotations. What one key's work throws is passed to
 * `failed`, and the others go on; it is tried again at the next run.
 */
export async function runDue(kms: Kms, failed: (error: unknown) => void): Promise<void> {
  const tried = new Set<string>()
  for (;;) {
    const due = await kms.store.due(keys, kms.clock.now(), BATCH + tried.size)
    const fresh = due.filter((entry) => !tried.has(entry.id))
    if (fresh.length === 0) return
    for (const { id, record } of fresh) {
      tried.add(id)
      await settleKey(kms, record).catch(failed)
    }
  }
}

/**
 * Moves the time, and on the way does everything that falls due at the moment at which it does: three years on, a key
 * that rotates every year has rotated three times. Throws a RangeError where no clock goes, and then nothing has moved.
 */
export async function travel(
  kms: Kms,
  clock: SettableClock,
  to: number,
  failed: (error: unknown) => void,
): Promise<void> {
  checkTime(to)
  let last = Number.NEGATIVE_INFINITY
  for (;;) {
    const next = await kms.store.nextDue(keys)
    if (next === undefined || next > to || next <= last) break
    clock.moveTo(Math.max(next, clock.now()))
    await runDue(kms, failed)
    last = next
  }
  clock.moveTo(to)
  await runDue(kms, failed)
  await kms.domain.rotateIfDue()
}
