import { type AesGcm, defaultEngine, type Engine } from '@bongtu/crypto'

/** An engine that remembers, by reference, the secrets that went through it. */
export interface ObservedEngine extends Engine {
  readonly keys: Uint8Array[]
  /** Plaintext buffers, given to be sealed, filled by opening, or answered by it. */
  readonly plaintexts: Uint8Array[]
}

export function observedEngine(engine: Engine = defaultEngine): ObservedEngine {
  const keys: Uint8Array[] = []
  const plaintexts: Uint8Array[] = []
  const noted = <B extends Uint8Array | null>(opened: B): B => {
    if (opened !== null && opened.length > 0) plaintexts.push(opened)
    return opened
  }
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
    open: (iv, sealed, aad) => {
      const opened = aead.open(iv, sealed, aad)
      return opened instanceof Promise ? opened.then(noted) : noted(opened)
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
