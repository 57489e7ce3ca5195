import { randomBytes } from 'node:crypto'
import type { EncryptOptions } from '@bongtu/client'
import { rawAes } from '@bongtu/keyrings/raw-aes'

export const KiB = 1024
export const MiB = 1024 * KiB
export const GiB = 1024 * MiB

/** The key and context that all sides share. */
export interface KeySetup {
  readonly namespace: string
  readonly name: string
  readonly key: Uint8Array
  readonly encryptionContext: Readonly<Record<string, string>>
}

export const setup: KeySetup = {
  namespace: 'bench',
  name: 'k1',
  key: randomBytes(32),
  encryptionContext: { purpose: 'bench', tenant: 'acme' },
}

export const encryptOptions = (frameLength: number, signed: boolean): EncryptOptions => ({
  keyring: rawAes({ namespace: setup.namespace, name: setup.name, key: setup.key }),
  encryptionContext: setup.encryptionContext,
  algorithmSuite: signed ? 0x0578 : 0x0478,
  frameLength,
})
