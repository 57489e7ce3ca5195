import type { Keyring } from '@bongtu/client'
import { defaultEngine, type Engine, IV_LENGTH } from '@bongtu/crypto'
import { type EncryptedDataKey, encodeEncryptionContext } from '@bongtu/message-format'
import { begun } from '../awaitable.ts'
import { type OptionNames, refuseUnknownOptions } from '../exact-options.ts'
import { rawKeyName } from '../raw-key-name.ts'
import { firstThatOpens, type Opened, OTHER_PROVIDER } from '../unwrap-data-key.ts'
import { wrapUnderOneKey } from '../wrap-data-key.ts'
import { encodeKeyInfo, ivOfKeyInfo, KEY_INFO_OVERHEAD } from './key-info.ts'
import { legacyContextEncodings } from './legacy-context-order.ts'
import { wrapCounter } from './wrap-limit.ts'

export interface RawAesOptions {
  /** The provider id of its encrypted data keys. May not begin with `aws-kms`. */
  readonly namespace: string
  /** Tells this key from the others of the namespace. Readers must use the same. */
  readonly name: string
  /** 16, 24 or 32 bytes, copied: the caller may zero its own at once. */
  readonly key: Uint8Array
  /**
   * Also opens what the AWS Encryption SDK for JavaScript wrote with its default `utf8Sorting: false` under a context
   * whose keys its locale sorts otherwise than by bytes (mixed case, for one). Decryption only; off by default.
   */
  readonly legacyJsContextOrder?: boolean
  /** Where the cryptography runs. Default: the engine of this platform. */
  readonly engine?: Engine
}

const OPTIONS: OptionNames<RawAesOptions> = {
  namespace: true,
  name: true,
  key: true,
  legacyJsContextOrder: true,
  engine: true,
}

/** `rawAes` with another number of wraps before it refuses. */
export function rawAesWithLimit(options: RawAesOptions, maxWraps: number): Keyring {
  refuseUnknownOptions('rawAes', options, OPTIONS)
  const { key, legacyJsContextOrder = false, engine = defaultEngine } = options
  const { namespace, nameBytes, label } = rawKeyName('raw-aes', options.namespace, options.name, KEY_INFO_OVERHEAD)
  if (typeof legacyJsContextOrder !== 'boolean') throw new TypeError('rawAes: legacyJsContextOrder is true or false')
  const cipher = begun(engine.aesGcm(checkedKey(key)))
  const countWrap = wrapCounter(label, maxWraps)

  const open = async (encryptedDataKey: EncryptedDataKey, contexts: readonly Uint8Array[]): Promise<Opened> => {
    if (encryptedDataKey.providerId !== namespace) return OTHER_PROVIDER
    const iv = ivOfKeyInfo(nameBytes, encryptedDataKey.keyInfo)
    if (typeof iv === 'string') return iv
    const aead = await cipher
    for (const context of contexts) {
      const dataKey = await aead.open(iv, encryptedDataKey.ciphertext, context)
      if (dataKey !== null) return dataKey
    }
    return 'did not authenticate under this key and encryption context'
  }

  return Object.freeze<Keyring>({
    name: label,
    wrapDataKey: (request) =>
      wrapUnderOneKey(engine, request, async (dataKey) => {
        countWrap()
        const iv = engine.random(IV_LENGTH)
        const aead = await cipher
        const ciphertext = await aead.seal(iv, dataKey, encodeEncryptionContext(request.encryptionContext))
        return { providerId: namespace, keyInfo: encodeKeyInfo(nameBytes, iv), ciphertext }
      }),
    unwrapDataKey: async (request) => {
      const context = encodeEncryptionContext(request.encryptionContext)
      const legacy = legacyJsContextOrder ? legacyContextEncodings(request.encryptionContext) : []
      return firstThatOpens(request, (encryptedDataKey) => open(encryptedDataKey, [context, ...legacy]))
    },
  })
}

function checkedKey(key: Uint8Array): Uint8Array {
  // By tag rather than instanceof, which fails between realms (test runners, frames, vm contexts).
  if (Object.prototype.toString.call(key) !== '[object Uint8Array]') throw new TypeError('rawAes: key is a Uint8Array')
  if (![16, 24, 32].includes(key.length)) {
    throw new RangeError(`rawAes: key has ${key.length} bytes; an AES key has 16, 24 or 32`)
  }
  return key
}
