import type { Awaitable, Engine, KeyInput, RsaPadding, RsaPrivateKey, RsaPublicKey } from '@bongtu/crypto'
import { after, begun } from '../awaitable.ts'

/** At least one of the two is there. */
export interface RsaKeys {
  readonly publicKey: RsaPublicKey | null
  readonly privateKey: RsaPrivateKey | null
}

/** Bytes wrapped to see whether two keys are a pair: no longer than the shortest data key, so that what fits it fits this. */
const PROBE_LENGTH = 16

/**
 * Imports the keys and, where there are two, wraps and unwraps a random value to see that they are a pair. Throws a
 * TypeError at once where the engine answers at once; else the promise rejects with it.
 */
export function importRsaKeys(
  engine: Engine,
  padding: RsaPadding,
  publicInput: KeyInput | undefined,
  privateInput: KeyInput | undefined,
): Awaitable<RsaKeys> {
  // Both begin before either is awaited: nothing that the caller does to the inputs afterwards changes what is imported.
  const publicKey = publicInput === undefined ? null : begun(engine.importRsaPublicKey(publicInput))
  const privateKey = privateInput === undefined ? null : begun(engine.importRsaPrivateKey(privateInput))
  const both = after(publicKey, (importedPublic) =>
    after(privateKey, (importedPrivate) => ({ publicKey: importedPublic, privateKey: importedPrivate })),
  )
  return after(both, (keys) => after(isPair(engine, padding, keys), (pair) => requirePair(pair, keys)))
}

function isPair(engine: Engine, padding: RsaPadding, { publicKey, privateKey }: RsaKeys): Awaitable<boolean> {
  if (publicKey === null || privateKey === null) return true
  const probe = engine.random(PROBE_LENGTH)
  return after(publicKey.encrypt(padding, probe), (ciphertext) =>
    after(privateKey.decrypt(padding, ciphertext), (answer) => answer !== null && engine.equal(answer, probe)),
  )
}

function requirePair(pair: boolean, keys: RsaKeys): RsaKeys {
  if (!pair) throw new TypeError('rawRsa: publicKey and privateKey are not a pair')
  return keys
}
