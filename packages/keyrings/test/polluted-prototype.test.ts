import { describe, expect, it } from 'vitest'
import { awsKms, awsKmsDiscovery, awsKmsMrk, awsKmsMrkDiscovery, kmsClient } from '../src/aws-kms/index.ts'
import { multi } from '../src/multi/index.ts'
import { rawAes } from '../src/raw-aes/index.ts'
import { rawRsa } from '../src/raw-rsa/index.ts'
import { countingKey, rsaPair } from './keys.ts'

/** Runs while `Object.prototype` has this property, as a hostile merge leaves it. */
function polluted<T>(name: string, value: unknown, run: () => T): T {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
  try {
    return run()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

/** No option takes a symbol: each of these calls fails if it reads the polluted option. */
const HOSTILE = Symbol('hostile')
const keyId = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const aes = { namespace: 'demo', name: 'aes', key: countingKey(32) }
const { privateKey } = rsaPair()

const factories: Readonly<Record<string, readonly [readonly string[], () => unknown]>> = {
  rawAes: [['legacyJsContextOrder', 'engine', 'otherContextEncodings', 'maxWraps'], () => rawAes(aes)],
  rawRsa: [
    ['publicKey', 'engine'],
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
