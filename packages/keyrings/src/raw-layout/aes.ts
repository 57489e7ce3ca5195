import type { Keyring } from '@bongtu/client'
import type { Awaitable, Engine } from '@bongtu/crypto'
import { type OptionNames, readOptions } from '@bongtu/crypto/options'
import { type EncryptedDataKey, type EncryptionContext, encodeEncryptionContext } from '@bongtu/message-format'
import { encodeKeyInfo, ivOfKeyInfo } from '../raw-aes/key-info.ts'
import { MAX_WRAPS, wrapCounter } from '../raw-aes/wrap-limit.ts'
import type { RawKeyName } from '../raw-key-name.ts'
import { firstThatOpens, type Opened, OTHER_PROVIDER } from '../unwrap-data-key.ts'
import { wrapUnderOneKey } from '../wrap-data-key.ts'

export interface SealedDataKey {
  /** 12 bytes. */
  readonly iv: Uint8Array
  /** Ciphertext followed by the tag of 16 bytes. */
  readonly ciphertext: Uint8Array
}

/** AES-GCM under one key, wherever that key is. */
export interface AesWrappingKey {
  /** Seals under a fresh random initialisation vector: never one that was used with this key before. */
  seal(dataKey: Uint8Array, aad: Uint8Array, signal: AbortSignal | undefined): Awaitable<SealedDataKey>
  /** `null` where it does not authenticate. */
  open(sealed: SealedDataKey, aad: Uint8Array, signal: AbortSignal | undefined): Awaitable<Uint8Array | null>
}

export interface RawAesLayout {
  readonly keyName: RawKeyName
  readonly key: AesWrappingKey
  /** For data keys that are generated. */
  readonly engine: Engine
  /** Additional data to try behind the specified one, on decryption. */
  readonly otherContextEncodings?: (context: EncryptionContext) => readonly Uint8Array[]
  /** Wraps before it refuses with ERR_LIMIT. Default: 2^32. */
  readonly maxWraps?: number
}

const LAYOUT: OptionNames<RawAesLayout> = {
  keyName: true,
  key: true,
  engine: true,
  otherContextEncodings: true,
  maxWraps: true,
}

/** The keyring that speaks raw-aes-keyring.md with a wrapping key that may be anywhere. */
export function rawAesLayout(layout: RawAesLayout): Keyring {
  const {
    keyName,
    key,
    engine,
    otherContextEncodings = () => [],
    maxWraps = MAX_WRAPS,
  } = readOptions('rawAesLayout', layout, LAYOUT)
  const { namespace, nameBytes, label } = keyName
  const countWrap = wrapCounter(label, maxWraps)

  const open = async (
    { providerId, keyInfo, ciphertext }: EncryptedDataKey,
    contexts: readonly Uint8Array[],
    signal: AbortSignal | undefined,
  ): Promise<Opened> => {
    if (providerId !== namespace) return OTHER_PROVIDER
    const iv = ivOfKeyInfo(nameBytes, keyInfo)
    if (typeof iv === 'string') return iv
    for (const context of contexts) {
      const dataKey = await key.open({ iv, ciphertext }, context, signal)
      if (dataKey !== null) return dataKey
    }
    return 'did not authenticate under this key and encryption context'
  }

  return Object.freeze<Keyring>({
    name: label,
    wrapDataKey: (request) =>
      wrapUnderOneKey(engine, request, async (dataKey) => {
        countWrap()
        const aad = encodeEncryptionContext(request.encryptionContext)
        const { iv, ciphertext } = await key.seal(dataKey, aad, request.signal)
        return { providerId: namespace, keyInfo: encodeKeyInfo(nameBytes, iv), ciphertext }
      }),
    unwrapDataKey: async (request) => {
      const { encryptionContext, signal } = request
      const contexts = [encodeEncryptionContext(encryptionContext), ...otherContextEncodings(encryptionContext)]
      return firstThatOpens(request, (encryptedDataKey) => open(encryptedDataKey, contexts, signal))
    },
  })
}
