import * as sdk from '@aws-sdk/client-kms'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startScheduler } from '../../src/due/scheduler.ts'
import type { Kms } from '../../src/kms.ts'
import { localKms } from '../../src/local-kms.ts'
import { createKey } from '../support/keys.ts'

const DAY = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: new Date('2026-01-01T00:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

async function waiting() {
  const failures: unknown[] = []
  const kms = await localKms({ memory: true, onFailure: (error) => failures.push(error) })
  onTestFinished(() => kms.close())
  return { kms, failures, client: new sdk.KMSClient(kms.clientConfig()) }
}

describe('the scheduler', () => {
  it('deletes a key in time though nobody calls', async () => {
    const { kms, client, failures } = await waiting()
    const { id } = await createKey(client)
    await client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }))
    await vi.advanceTimersByTimeAsync(7 * DAY - 120_000)
    expect((await kms.status()).keys).toBe(1)
    await vi.advanceTimersByTimeAsync(240_000)
    expect((await kms.status()).keys).toBe(0)
    expect(failures).toEqual([])
  })

  it('rotates the domain key every day', async () => {
    const { kms } = await waiting()
    await vi.advanceTimersByTimeAsync(3 * DAY + 120_000)
    expect((await kms.status()).domain.version).toBe(4)
  })

  it('rests when the KMS is closed', async () => {
    const kms = await localKms({ memory: true })
    await vi.advanceTimersByTimeAsync(1000)
    await kms.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells of work that fails, goes on with the rest, and tries again', async () => {
    const failures: unknown[] = []
    let asked = 0
    const kms = {
      clock: { now: () => 0 },
      store: { due: async () => [], nextDue: async () => undefined },
      domain: {
        rotateIfDue: async () => {
          asked++
          throw new Error(`attempt ${asked}`)
        },
        nextRotation: async () => 0,
      },
    } as unknown as Kms
    const scheduler = startScheduler({ kms, failed: (error) => failures.push(error) })
    await vi.advanceTimersByTimeAsync(2500)
    await scheduler.stop()
    expect(failures).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(DAY)
    expect(asked).toBe(3)
  })
})
