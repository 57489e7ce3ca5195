import type { Keyring } from '@bongtu/client'
import type { Awaitable, Engine, RsaPadding } from '@bongtu/crypto'
import { BongtuError } from '@bongtu/message-format'
import type { RawKeyName } from '../raw-key-name.ts'
import { candidatesOf } from '../raw-rsa/candidates.ts'
import type { RsaKeys } from '../raw-rsa/keys.ts'
import { openPkcs1 } from '../raw-rsa/pkcs1.ts'
import { weaknessOf } from '../raw-rsa/weakness.ts'
import { firstThatOpens } from '../unwrap-data-key.ts'
import { wrapUnderOneKey } from '../wrap-data-key.ts'

export interface RawRsaLayout {
  readonly keyName: RawKeyName
  readonly padding: RsaPadding
  /** For data keys that are generated. */
  readonly engine: Engine
  /** Whether it also wraps under a public key that `weaknessOf` faults. It unwraps in any case. */
  readonly allowWeakKeys: boolean
  /** The halves of the key, asked for at every call with its signal. */
  readonly keys: (signal: AbortSignal | undefined) => Awaitable<RsaKeys>
}

/** The keyring that speaks raw-rsa-keyring.md with a private key that may be anywhere. */
export function rawRsaLayout({ keyName, padding, engine, allowWeakKeys, keys }: RawRsaLayout): Keyring {
  const { namespace, nameBytes, label } = keyName
  return Object.freeze<Keyring>({
    name: label,
    wrapDataKey: (request) =>
      wrapUnderOneKey(engine, request, async (dataKey) => {
        const { publicKey } = await keys(request.signal)
        if (publicKey === null) {
          throw new BongtuError('ERR_KEYRING', `${label} was made without publicKey, so it can only decrypt`)
        }
        const weakness = allowWeakKeys ? undefined : weaknessOf(publicKey)
        if (weakness !== undefined) throw new BongtuError('ERR_KEYRING', `${label} does not encrypt: ${weakness}`)
        const ciphertext = await publicKey.encrypt(padding, dataKey)
        return { providerId: namespace, keyInfo: nameBytes.slice(), ciphertext }
      }),
    unwrapDataKey: async (request) => {
      request.signal?.throwIfAborted()
      const { privateKey } = await keys(request.signal)
      const candidates = candidatesOf(keyName, privateKey, request)
      if (privateKey === null) return null
      if (padding === 'pkcs1') return openPkcs1(engine, privateKey, request, candidates)
      return firstThatOpens({ ...request, encryptedDataKeys: candidates }, async ({ ciphertext }) => {
        return (await privateKey.decrypt(padding, ciphertext)) ?? `did not decrypt under this key with ${padding}`
      })
    },
  })
}
