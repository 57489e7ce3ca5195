import { afterEach, describe, expect, it, vi } from 'vitest'
import { decode, freshKms, post } from '../support/wire.ts'

/** Generations of RSA keys that were begun, each to be ended by the test. */
const begun: (() => void)[] = []

vi.mock(import('@bongtu/crypto/node'), async (original) => {
  const crypto = await original()
  return {
    ...crypto,
    generateRsaKeyPair: (bits) =>
      new Promise((resolve, reject) => {
        begun.push(() => void crypto.generateRsaKeyPair(bits).then(resolve, reject))
      }),
  }
})

afterEach(() => {
  vi.useRealTimers()
  begun.length = 0
})

async function importingKms() {
  const kms = await freshKms()
  const { KeyMetadata } = decode(await post(kms, 'CreateKey', { Origin: 'EXTERNAL' })) as {
    KeyMetadata: { KeyId: string }
  }
  const request = {
    KeyId: KeyMetadata.KeyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  }
  return async () => decode(await post(kms, 'GetParametersForImport', request))
}

/** Lets the event loop turn until `holds`, however busy the machine is; the time limit of the test ends it. */
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
/** Every request that was sent waits in the queue or is answered. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
const throttled = { __type: 'ThrottlingException', message: 'Rate exceeded' }

describe('generations of RSA keys', () => {
  it('run one at a time; 16 wait, and more get a ThrottlingException', async () => {
    const ask = await importingKms()
    const answers = Array.from({ length: 17 }, ask)
    await until(() => begun.length === 1)
    await turns()
    expect(await ask()).toEqual(throttled)
    for (let ended = 0; ended < answers.length; ended++) {
      begun[ended]?.()
      await answers[ended]
      await until(() => begun.length === Math.min(ended + 2, answers.length))
    }
    for (const answer of await Promise.all(answers)) expect(answer).toHaveProperty('ImportToken')
  })

  it('wait for ten seconds at most, and leave their place to others', async () => {
    const ask = await importingKms()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const first = ask()
    await until(() => begun.length === 1)
    const waiting = Array.from({ length: 16 }, ask)
    await turns()
    await vi.advanceTimersByTimeAsync(9_999)
    expect(await ask()).toEqual(throttled)
    await vi.advanceTimersByTimeAsync(1)
    for (const answer of await Promise.all(waiting)) expect(answer).toEqual(throttled)
    const next = ask()
    await turns()
    expect(begun).toHaveLength(1)
    begun[0]?.()
    expect(await first).toHaveProperty('ImportToken')
    await until(() => begun.length === 2)
    begun[1]?.()
    expect(await next).toHaveProperty('ImportToken')
  })
})
