/** The raw layouts of encrypted data keys over wrapping keys that are elsewhere, in a token for one. */
import { KEY_INFO_OVERHEAD } from '../raw-aes/key-info.ts'
import { type RawKeyName, rawKeyName } from '../raw-key-name.ts'

export type { RawKeyName } from '../raw-key-name.ts'
export type { RsaKeys } from '../raw-rsa/keys.ts'
export { type AesWrappingKey, type RawAesLayout, rawAesLayout, type SealedDataKey } from './aes.ts'
export { type RawRsaLayout, rawRsaLayout } from './rsa.ts'

/** `rawKeyName` for a name that goes before an initialisation vector. */
export const rawAesKeyName = (scheme: string, namespace: string, name: string): RawKeyName =>
  rawKeyName(scheme, namespace, name, KEY_INFO_OVERHEAD)

export const rawRsaKeyName = (scheme: string, namespace: string, name: string): RawKeyName =>
  rawKeyName(scheme, namespace, name, 0)
