import { type AesGcm, defaultEngine, type Engine } from '@bongtu/crypto'

/** An engine that remembers, by reference, the secrets that went through it. */
export interface ObservedEngine extends Engine {
  readonly keys: Uint8Array[]
  /** Plaintext buffers, given to be sealed or filled by opening. */
  readonly plaintexts: Uint8Array[]
}

export function observedEngine(engine: Engine = defaultEngine): ObservedEngine {
  const keys: Uint8Array[] = []
  const plaintexts: Uint8Array[] = []
  const observed = (aead: AesGcm): AesGcm => ({
    ...aead,
    sealFrames: (batch) => {
      plaintexts.push(batch.plaintext)
      return aead.sealFrames(batch)
    },
    openFrames: (batch) => {
      plaintexts.push(batch.plaintext)
      return aead.openFrames(batch)
    },
  })
  return {
    ...engine,
    keys,
    plaintexts,
    aesGcm: (key) => {
      keys.push(key)
      const aead = engine.aesGcm(key)
      return aead instanceof Promise ? aead.then(observed) : observed(aead)
    },
  }
}
