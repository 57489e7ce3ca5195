import type { Keyring, WrapRequest } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import { awsKms, awsKmsDiscovery, awsKmsMrk, awsKmsMrkDiscovery, kmsClient } from '../src/aws-kms/index.ts'
import { multi } from '../src/multi/index.ts'
import { rawAes } from '../src/raw-aes/index.ts'
import { rawRsa } from '../src/raw-rsa/index.ts'
import { ask, CONTEXT, SUITE, wrapOne } from './asking.ts'
import { countingKey, rsaPair } from './keys.ts'

/** Runs while `Object.prototype` has this property, as a hostile merge leaves it. */
function polluted<T>(name: string, value: unknown, run: () => T): T {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
  const clean = (): boolean => Reflect.deleteProperty(Object.prototype, name)
  let result: T
  try {
    result = run()
  } catch (error) {
    clean()
    throw error
  }
  if (!(result instanceof Promise)) {
    clean()
    return result
  }
  return result.finally(clean) as T
}

/** No option takes a symbol: each of these calls fails if it reads the polluted option. */
const HOSTILE = Symbol('hostile')
const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const aes = { namespace: 'demo', name: 'aes', key: countingKey(32) }
const { privateKey } = rsaPair()

const factories: Readonly<Record<string, readonly [readonly string[], () => unknown]>> = {
  rawAes: [['legacyJsContextOrder', 'engine', 'otherContextEncodings', 'maxWraps'], () => rawAes(aes)],
  rawRsa: [
    ['publicKey', 'allowWeakKeys', 'engine'],
    () => rawRsa({ namespace: 'demo', name: 'rsa', padding: 'oaep-sha256', privateKey }),
  ],
  multi: [
    ['generator', 'children'],
    () =>
      multi(Object.hasOwn(Object.prototype, 'generator') ? { children: [rawAes(aes)] } : { generator: rawAes(aes) }),
  ],
  awsKms: [['furtherKeyIds', 'grantTokens', 'kms', 'resolveKeyIds'], () => awsKms({ keyId })],
  awsKmsMrk: [['furtherKeyIds', 'grantTokens', 'kms', 'resolveKeyIds'], () => awsKmsMrk({ keyId })],
  awsKmsDiscovery: [['regions', 'grantTokens', 'kms'], () => awsKmsDiscovery({ filter: 'any-account' })],
  awsKmsMrkDiscovery: [['regions', 'grantTokens', 'kms'], () => awsKmsMrkDiscovery({ filter: 'any-account' })],
  kmsClient: [
    ['region', 'credentials', 'endpoint', 'allowPlainHttp', 'maxAttempts', 'timeout', 'deadline', 'fetch', 'engine'],
    () => kmsClient(),
  ],
}

describe('an option that a hostile merge put into Object.prototype has no effect', () => {
  for (const [factory, [names, run]] of Object.entries(factories)) {
    it.each(names)(`%s of ${factory}`, (name) => {
      expect(() => polluted(name, HOSTILE, run)).not.toThrow()
    })
  }

  it('filter of awsKmsDiscovery: it is still asked for', () => {
    expect(() => polluted('filter', 'any-account', () => awsKmsDiscovery({} as never))).toThrow(TypeError)
  })

  it('partition and accountIds of a filter: they are still asked for', () => {
    expect(() =>
      polluted('partition', 'aws', () => awsKmsDiscovery({ filter: { accountIds: ['111122223333'] } as never })),
    ).toThrow(TypeError)
    expect(() =>
      polluted('accountIds', ['111122223333'], () => awsKmsDiscovery({ filter: { partition: 'aws' } as never })),
    ).toThrow(TypeError)
  })
})

describe('a member that a hostile merge put into Object.prototype', () => {
  const abort = AbortSignal.abort(new Error('polluted'))

  it('named signal does not reach the children of multi', async () => {
    const signals: unknown[] = []
    const child: Keyring = {
      ...rawAes(aes),
      wrapDataKey: (request) => {
        signals.push(request.signal)
        return rawAes(aes).wrapDataKey(request)
      },
      unwrapDataKey: (request) => {
        signals.push(request.signal)
        return rawAes(aes).unwrapDataKey(request)
      },
    }
    const keyring = multi({ generator: rawAes(aes), children: [child] })
    // As the client asks: a record without a prototype.
    const asked: WrapRequest = Object.assign(Object.create(null), { suite: SUITE, encryptionContext: CONTEXT })
    const { encryptedDataKeys } = await polluted('signal', abort, () => keyring.wrapDataKey(asked))
    const request = { encryptedDataKeys, passedOver: () => undefined }
    await polluted('signal', abort, () =>
      multi({ children: [child] }).unwrapDataKey(Object.assign(Object.create(null), asked, request)),
    )
    expect(signals).toEqual([undefined, undefined])
  })

  it('named dataKey is not wrapped, however a keyring is asked', async () => {
    const chosen = new Uint8Array(32).fill(7)
    const asked = { suite: SUITE, encryptionContext: CONTEXT }
    const { dataKey, encryptedDataKeys } = await polluted('dataKey', chosen, () => rawAes(aes).wrapDataKey(asked))
    expect(dataKey).not.toEqual(chosen)
    expect((await ask(rawAes(aes), encryptedDataKeys)).opened?.dataKey).toEqual(dataKey)
    expect((await wrapOne(rawAes(aes))).own.providerId).toBe('demo')
  })

  it('named sessionToken, GrantTokens or abortSignal goes with no call to KMS', async () => {
    const sent: Request[] = []
    const kms = kmsClient({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      maxAttempts: 1,
      fetch: async (request) => {
        sent.push(request.clone())
        return new Response('{}')
      },
    })
    const hostile: Readonly<Record<string, unknown>> = {
      sessionToken: 'stranger',
      GrantTokens: ['stranger'],
      abortSignal: abort,
    }
    for (const [name, value] of Object.entries(hostile)) {
      const wrapping = polluted(name, value, () =>
        awsKms({ keyId, kms }).wrapDataKey({ suite: SUITE, encryptionContext: CONTEXT }),
      )
      await expect(wrapping).rejects.toMatchObject({ code: 'ERR_KEYRING' })
    }
    expect(sent).toHaveLength(3)
    for (const request of sent) {
      expect(request.headers.has('x-amz-security-token')).toBe(false)
      expect(await request.text()).not.toContain('stranger')
    }
  })
})
