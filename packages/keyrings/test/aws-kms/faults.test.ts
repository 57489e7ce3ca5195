import { getEventListeners } from 'node:events'
import { KMS } from '@aws-sdk/client-kms'
import { decrypt, encrypt, type Keyring } from '@bongtu/client'
import { awsKms, awsKmsDiscovery, type KmsClientSupplier, kmsClient } from '@bongtu/keyrings/aws-kms'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import type { LocalKms } from '@bongtu/kms'
import { BongtuError } from '@bongtu/message-format'
import { HttpResponse, http } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { CONTEXT, SUITE } from '../asking.ts'
import { countingKey } from '../keys.ts'
import { ABROAD, ACCOUNT, FAR, HOME, keys, testKms } from './support/kms.ts'
import { awsHosts, hostOf, network } from './support/network.ts'
import { stubKms } from './support/stub-kms.ts'

const plaintext = Uint8Array.of(1, 2, 3)
const filter = { partition: 'aws', accountIds: [ACCOUNT] }
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'secret' }
const never = new Promise<never>(() => {})
const ATTEMPTS = 2

/** A slow machine must not look like a fault: only where the home Region is meant not to answer is it waited for shortly. */
const PATIENT = 20_000

/** By the milliseconds that the home Region gets for an answer. */
const suppliers: Readonly<Record<string, (timeout: number) => KmsClientSupplier>> = {
  kmsClient:
    (timeout) =>
    (region = HOME) =>
      kmsClient({ region, credentials, maxAttempts: ATTEMPTS, timeout: region === HOME ? timeout : PATIENT }),
  'the AWS SDK':
    () =>
    (region = HOME) =>
      new KMS({ region, credentials, maxAttempts: ATTEMPTS }),
}

interface Fault {
  /** What the host of the home Region answers to Decrypt. */
  readonly answer: (request: Request, kms: LocalKms) => Response | Promise<Response>
  readonly reason: RegExp
  readonly calls: number
  readonly timeout?: number
  /** The timeouts of the AWS SDK are its own affair. */
  readonly not?: 'the AWS SDK'
}

/** What the KMS answers, with a change. */
const changed =
  (change: (answer: Record<string, string>) => object) =>
  async (request: Request, kms: LocalKms): Promise<Response> =>
    HttpResponse.json(change((await (await kms.handle(request)).json()) as Record<string, string>))

const refusal = (status: number, __type: string) => () => HttpResponse.json({ __type, message: 'no' }, { status })

const faults: Readonly<Record<string, Fault>> = {
  'is throttled': { answer: refusal(400, 'ThrottlingException'), reason: /ThrottlingException: no/, calls: ATTEMPTS },
  'fails with status 500': {
    answer: refusal(500, 'KMSInternalException'),
    reason: /KMSInternalException: no/,
    calls: ATTEMPTS,
  },
  'does not answer': {
    answer: () => never,
    reason: /within 100 ms/,
    calls: ATTEMPTS,
    timeout: 100,
    not: 'the AWS SDK',
  },
  'resets the connection': { answer: () => HttpResponse.error(), reason: /failed: /, calls: ATTEMPTS },
  'cuts its answer off': {
    answer: async (request, kms) => new HttpResponse((await (await kms.handle(request)).text()).slice(0, 40)),
    reason: /failed: /,
    calls: ATTEMPTS,
    not: 'the AWS SDK',
  },
  'answers for another key': {
    answer: changed((answer) => ({ ...answer, KeyId: keys.second })),
    reason: /answered for another key/,
    calls: 1,
  },
  'answers a plaintext that is too short': {
    answer: changed((answer) => ({ ...answer, Plaintext: btoa('x'.repeat(31)) })),
    reason: /holds a data key of 31 bytes, and the suite takes 32/,
    calls: 1,
  },
  'answers a plaintext that is too long': {
    answer: changed((answer) => ({ ...answer, Plaintext: btoa('x'.repeat(33)) })),
    reason: /holds a data key of 33 bytes, and the suite takes 32/,
    calls: 1,
  },
  'denies the key': { answer: refusal(400, 'AccessDeniedException'), reason: /AccessDeniedException: no/, calls: 1 },
}

/** A message under keys in two Regions, and a home Region that has gone wrong since. */
async function homeGoneWrong({ answer }: Pick<Fault, 'answer'>) {
  const { kms, calls } = await testKms()
  const writer = awsKms({ keyId: keys.first, furtherKeyIds: [keys.abroad], kms })
  const { ciphertext } = await encrypt(plaintext, { keyring: writer })
  calls()
  let asked = 0
  network(
    http.post(hostOf(HOME), ({ request }) => {
      asked++
      return answer(request, kms)
    }),
    awsHosts(kms),
  )
  return { ciphertext, calls, asked: () => asked }
}

for (const [client, supplierOf] of Object.entries(suppliers)) {
  for (const [what, fault] of Object.entries(faults).filter(([, { not }]) => not !== client)) {
    describe(`where KMS ${what}, over ${client}`, () => {
      const kms = supplierOf(fault.timeout ?? PATIENT)
      const both: Readonly<Record<string, Keyring>> = {
        'a strict keyring': awsKms({ keyId: keys.first, furtherKeyIds: [keys.abroad], kms }),
        'a discovery keyring': awsKmsDiscovery({ filter, regions: [HOME, ABROAD], kms }),
      }
      it.each(Object.entries(both))('%s goes on to the key in the other Region', async (_name, keyring) => {
        const { ciphertext, asked, calls } = await homeGoneWrong(fault)
        const opened = await decrypt(ciphertext, { keyring })
        expect(opened.plaintext).toEqual(plaintext)
        expect(new TextDecoder().decode(opened.encryptedDataKey.keyInfo)).toBe(keys.abroad)
        if (client === 'kmsClient') expect(asked()).toBe(fault.calls)
        expect(asked()).toBeLessThanOrEqual(fault.calls)
        expect(calls().filter((call) => call.includes(ABROAD))).toEqual([`Decrypt ${keys.abroad} in ${ABROAD}`])
      })

      it('the first key alone opens nothing, and the error says why', async () => {
        const { ciphertext } = await homeGoneWrong(fault)
        const error = await decrypt(ciphertext, { keyring: awsKms({ keyId: keys.first, kms }) }).catch(
          (e: unknown) => e,
        )
        if (!BongtuError.is(error, 'ERR_NO_KEY')) return expect.fail(String(error))
        expect(error.attempts.map(({ reason }) => reason)).toEqual([expect.stringMatching(fault.reason), 'other key'])
        expect(error.message).toMatch(fault.reason)
      })
    })
  }
}

describe('where a key is denied within one Region', () => {
  it('the next one is asked', async () => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds: [keys.second], kms })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    calls()
    kms.faults.add({ operation: 'Decrypt', kind: 'error', code: 'AccessDeniedException', times: 1 })
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(plaintext)
    expect(calls()).toEqual([`Decrypt undefined`, `Decrypt ${keys.second}`])
  })

  it('keyrings of other kinds are asked, too', async () => {
    const { kms } = await testKms()
    const aes = rawAes({ namespace: 'backup', name: 'k', key: countingKey(32) })
    const { ciphertext } = await encrypt(plaintext, {
      keyring: multi({ generator: awsKms({ keyId: keys.first, kms }), children: [aes] }),
    })
    kms.faults.add({ operation: '*', kind: 'error', code: 'DisabledException' })
    const reader = multi({ children: [awsKmsDiscovery({ filter, kms }), aes] })
    expect((await decrypt(ciphertext, { keyring: reader })).plaintext).toEqual(plaintext)
  })
})

describe('the faults of the KMS itself', () => {
  it.each([
    ['throttle', 'ThrottlingException'],
    ['error', 'KMSInternalException'],
  ] as const)('%s: passes where it passes, and is named where it does not', async (kind, name) => {
    const { kms, calls } = await testKms()
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const keyring = awsKms({ keyId: keys.first, kms })
    kms.faults.add({ operation: '*', kind, times: 2 })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    expect(calls()).toHaveLength(3)
    kms.faults.add({ operation: '*', kind })
    await expect(decrypt(ciphertext, { keyring })).rejects.toThrow(new RegExp(`${name}: `))
    await expect(encrypt(plaintext, { keyring })).rejects.toMatchObject({
      code: 'ERR_KEYRING',
      message: expect.stringMatching(new RegExp(`^aws-kms:${keys.first} did not wrap the data key: ${name}: `)),
    })
    expect(calls()).toHaveLength(6)
  })

  it('timeout: a call that gets no answer ends with the signal', async () => {
    const { kms } = await testKms()
    const keyring = awsKms({ keyId: keys.first, kms })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    kms.faults.add({ operation: '*', kind: 'timeout' })
    const reason = new Error('enough')
    for (const work of [
      (signal: AbortSignal) => decrypt(ciphertext, { keyring, signal }),
      (signal: AbortSignal) => encrypt(plaintext, { keyring, signal }),
    ]) {
      const controller = new AbortController()
      const working = work(controller.signal)
      await Promise.resolve()
      controller.abort(reason)
      await expect(working).rejects.toBe(reason)
    }
    kms.faults.clear()
  })
})

describe('an aborted call', () => {
  it('ends at once though the client heeds no signal, and what comes late is zeroed', async () => {
    const late = { KeyId: keys.first, Plaintext: countingKey(32), CiphertextBlob: Uint8Array.of(1) }
    let answer = (): void => {}
    const pending = new Promise((resolve) => {
      answer = () => resolve(late)
    })
    const deaf = { generateDataKey: () => pending, encrypt: () => pending, decrypt: () => pending } as never
    const controller = new AbortController()
    const keyring = awsKms({ keyId: keys.first, kms: deaf })
    const reason = new Error('enough')
    const wrapping = keyring.wrapDataKey({ suite: SUITE, encryptionContext: CONTEXT, signal: controller.signal })
    controller.abort(reason)
    await expect(wrapping).rejects.toBe(reason)
    answer()
    await pending
    await Promise.resolve()
    expect(late.Plaintext.every((byte) => byte === 0)).toBe(true)
  })

  it('makes no call where it is aborted already', async () => {
    const kms = stubKms({})
    const signal = AbortSignal.abort(new Error('enough'))
    const wrapping = awsKms({ keyId: keys.first, kms }).wrapDataKey({
      suite: SUITE,
      encryptionContext: CONTEXT,
      signal,
    })
    await expect(wrapping).rejects.toBe(signal.reason)
    expect(kms.asked).toEqual([])
  })

  it('that is over leaves nothing behind with a signal that outlives it', async () => {
    const { kms } = await testKms()
    const { signal } = new AbortController()
    for (const client of [kms, new KMS(kms.clientConfig())]) {
      const options = { keyring: awsKms({ keyId: keys.first, kms: client }), signal }
      await decrypt((await encrypt(plaintext, options)).ciphertext, options)
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('ends a look-up of the key, too, though the client heeds no signal', async () => {
    const kms = stubKms({ describeKey: () => never })
    const controller = new AbortController()
    const unwrapping = awsKms({ keyId: keys.alias, kms, resolveKeyIds: true }).unwrapDataKey({
      suite: SUITE,
      encryptionContext: CONTEXT,
      encryptedDataKeys: [
        { providerId: 'aws-kms', keyInfo: new TextEncoder().encode(keys.first), ciphertext: Uint8Array.of(1) },
      ],
      passedOver: () => {},
      signal: controller.signal,
    })
    await vi.waitUntil(() => kms.asked.length === 1)
    controller.abort(new Error('enough'))
    await expect(unwrapping).rejects.toBe(controller.signal.reason)
  })

  it('keeps all further keys from being asked', async () => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds: [keys.second, keys.third], kms })
    const { ciphertext } = await encrypt(plaintext, { keyring })
    calls()
    const controller = new AbortController()
    const reason = new Error('enough')
    const entry: LocalKms['entry'] = (request) => {
      controller.abort(reason)
      return kms.entry(request)
    }
    const aborting = awsKms({ keyId: keys.first, furtherKeyIds: [keys.second, keys.third], kms: { ...kms, entry } })
    await expect(decrypt(ciphertext, { keyring: aborting, signal: controller.signal })).rejects.toBe(reason)
    expect(calls().length).toBeLessThanOrEqual(1)
  })

  it('is told to the client of the AWS SDK', async () => {
    const { kms } = await testKms()
    network(
      http.post(hostOf(HOME), () => never),
      awsHosts(kms),
    )
    const controller = new AbortController()
    const send = vi.fn((_command: unknown, options: { abortSignal?: AbortSignal }) => {
      controller.abort(new Error('enough'))
      return Promise.reject(options.abortSignal?.reason)
    })
    const keyring = awsKms({ keyId: keys.first, kms: { send } })
    const wrapping = keyring.wrapDataKey({ suite: SUITE, encryptionContext: CONTEXT, signal: controller.signal })
    await expect(wrapping).rejects.toThrow('enough')
    expect(send).toHaveBeenCalledWith(expect.anything(), { abortSignal: controller.signal })
  })
})

describe('a message under twelve keys', () => {
  const [generator = '', ...others] = keys.twelve
  const options = { maxEncryptedDataKeys: 12 }

  async function message() {
    const { kms, calls } = await testKms()
    const { ciphertext } = await encrypt(plaintext, {
      keyring: awsKms({ keyId: generator, furtherKeyIds: others, kms }),
      ...options,
    })
    calls()
    return { kms, calls, ciphertext }
  }

  it('opens with the last key alone, by one call', async () => {
    const { kms, calls, ciphertext } = await message()
    const last = keys.twelve[11] ?? ''
    expect((await decrypt(ciphertext, { keyring: awsKms({ keyId: last, kms }), ...options })).plaintext).toEqual(
      plaintext,
    )
    expect(calls()).toEqual([`Decrypt ${last}`])
  })

  it('opens when only the last key is left, by one call for each candidate', async () => {
    const { kms, calls, ciphertext } = await message()
    for (const keyring of [
      awsKms({ keyId: generator, furtherKeyIds: others, kms }),
      awsKmsDiscovery({ filter, regions: [FAR, HOME], kms }),
    ]) {
      kms.faults.add({ operation: 'Decrypt', kind: 'error', code: 'DisabledException', times: 11 })
      expect((await decrypt(ciphertext, { keyring, ...options })).plaintext).toEqual(plaintext)
      const made = calls()
      expect(made).toHaveLength(12)
      expect(made.at(-1)).toBe(`Decrypt ${keys.twelve[11]}`)
    }
  })

  it('costs no call for keys that are filtered out, foreign, or not configured', async () => {
    const { kms, calls, ciphertext } = await message()
    for (const keyring of [
      awsKms({ keyId: keys.foreign, furtherKeyIds: [keys.abroad, keys.mrk.home], kms }),
      awsKmsDiscovery({ filter: { partition: 'aws', accountIds: ['999999999999'] }, kms }),
      awsKmsDiscovery({ filter: { partition: 'aws-cn', accountIds: [ACCOUNT] }, kms }),
      awsKmsDiscovery({ filter, regions: [ABROAD, FAR], kms }),
    ]) {
      await expect(decrypt(ciphertext, { keyring, ...options })).rejects.toMatchObject({ code: 'ERR_NO_KEY' })
    }
    expect(calls()).toEqual([])
  })

  it('is refused without maxEncryptedDataKeys where that is below twelve', async () => {
    const { kms, calls, ciphertext } = await message()
    const keyring = awsKmsDiscovery({ filter, kms })
    await expect(decrypt(ciphertext, { keyring, maxEncryptedDataKeys: 11 })).rejects.toMatchObject({
      code: 'ERR_LIMIT',
    })
    expect(calls()).toEqual([])
  })
})
