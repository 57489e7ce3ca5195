import type {
  DecryptionCacheRequest,
  DecryptionMaterials,
  EncryptionCacheRequest,
  EncryptionMaterials,
  Keyring,
} from '@bongtu/client'
import { type AlgorithmSuite, algorithmSuites, type EncryptedDataKey } from '@bongtu/client'

export const keyringNamed = (name: string): Keyring => ({
  name,
  wrapDataKey: () => Promise.reject(new Error('a request calls generate, never the keyring')),
  unwrapDataKey: () => Promise.reject(new Error('a request calls unwrap, never the keyring')),
})

export const suiteOf = (id: number): AlgorithmSuite => {
  const suite = algorithmSuites.find((each) => each.id === id)
  if (suite === undefined) throw new RangeError(`no suite ${id}`)
  return suite
}

export const UNSIGNED: AlgorithmSuite = suiteOf(0x0478)
const encryptedDataKey: EncryptedDataKey = {
  providerId: 'test',
  keyInfo: Uint8Array.of(1),
  ciphertext: Uint8Array.of(2),
}

/** Counts its calls, and remembers the very arrays that it gave out. */
export interface Source<M> {
  readonly given: Uint8Array[]
  call(signal?: AbortSignal): Promise<M>
}

const nextKey = (given: Uint8Array[]): Uint8Array => {
  const dataKey = new Uint8Array(32).fill(given.length + 1)
  given.push(dataKey)
  return dataKey
}

export function generator(suite: AlgorithmSuite = UNSIGNED): Source<EncryptionMaterials> {
  const given: Uint8Array[] = []
  return {
    given,
    call: async () => ({
      suite,
      encryptionContext: {},
      dataKey: nextKey(given),
      encryptedDataKeys: [encryptedDataKey],
    }),
  }
}

export function unwrapper(suite: AlgorithmSuite = UNSIGNED): Source<DecryptionMaterials> {
  const given: Uint8Array[] = []
  return { given, call: async () => ({ suite, dataKey: nextKey(given), encryptedDataKey }) }
}

const keyring = keyringNamed('one')

export const encryption = (
  generate: EncryptionCacheRequest['generate'],
  changes: Partial<EncryptionCacheRequest> = {},
): EncryptionCacheRequest => ({
  keyring,
  suite: UNSIGNED,
  commitmentPolicy: 'require-encrypt-require-decrypt',
  encryptionContext: {},
  requiredEncryptionContextKeys: [],
  plaintextLength: 1,
  generate,
  ...changes,
})

export const decryption = (
  unwrap: DecryptionCacheRequest['unwrap'],
  changes: Partial<DecryptionCacheRequest> = {},
): DecryptionCacheRequest => ({
  keyring,
  suite: UNSIGNED,
  commitmentPolicy: 'require-encrypt-require-decrypt',
  encryptionContext: {},
  expectedContext: {},
  encryptedDataKeys: [encryptedDataKey],
  passedOver: () => {},
  unwrap,
  ...changes,
})

/** A clock that stands still until it is set. */
export function stoppedClock(): { now: number; readonly read: () => number } {
  const clock = { now: 0, read: () => clock.now }
  return clock
}

/** A call that ends when the test says so. */
export function held<M>(): { readonly promise: Promise<M>; resolve(value: M): void; reject(error: unknown): void } {
  let resolve: (value: M) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<M>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve: (value) => resolve(value), reject: (error) => reject(error) }
}
