import type { DomainToken, ExportedBackingKey, Hsm, KeyName, KeySpec } from './port.ts'
import type { RootKey } from './root-key.ts'

export type { RootKey, RootKeySource } from './root-key.ts'

export interface HsmOptions {
  readonly rootKey: RootKey
  /** The HSM's clock: milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The HSM of this process. It is a module, not hardware: whoever can read the memory of the process can read the domain
 * keys, which stay in it for as long as the domain is installed.
 */
export interface EmbeddedHsm extends Hsm {
  /**
   * A token for material that is known outside already: fixed material of a declarative seed, and the known key that
   * tests look for. It is no command, so no session can carry it. The caller zeroes `material`.
   */
  plant(key: KeyName, spec: KeySpec, material: Uint8Array): ExportedBackingKey
  /** The installed domain sealed under another root key, so that a backup can be opened by its passphrase. */
  resealDomain(rootKey: RootKey): Promise<DomainToken>
}
