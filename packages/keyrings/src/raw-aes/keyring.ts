import type { Keyring } from '@bongtu/client'
import { defaultEngine, type Engine, IV_LENGTH } from '@bongtu/crypto'
import { kindOf, type OptionNames, readOptions } from '@bongtu/crypto/options'
import { begun } from '../awaitable.ts'
import { rawKeyName } from '../raw-key-name.ts'
import { rawAesLayout } from '../raw-layout/aes.ts'
import { KEY_INFO_OVERHEAD } from './key-info.ts'
import { legacyContextEncodings } from './legacy-context-order.ts'

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
export function rawAesWithLimit(given: RawAesOptions, maxWraps: number): Keyring {
  const options = readOptions('rawAes', given, OPTIONS)
  const { key, legacyJsContextOrder = false, engine = defaultEngine } = options
  const keyName = rawKeyName('raw-aes', options.namespace, options.name, KEY_INFO_OVERHEAD)
  if (typeof legacyJsContextOrder !== 'boolean') {
    throw new TypeError(`rawAes: legacyJsContextOrder must be true or false, got ${kindOf(legacyJsContextOrder)}`)
  }
  const cipher = begun(engine.aesGcm(checkedKey(key)))

  return rawAesLayout({
    keyName,
    engine,
    maxWraps,
    otherContextEncodings: legacyJsContextOrder ? legacyContextEncodings : () => [],
    key: {
      seal: async (dataKey, aad) => {
        const iv = engine.random(IV_LENGTH)
        return { iv, ciphertext: await (await cipher).seal(iv, dataKey, aad) }
      },
      open: async ({ iv, ciphertext }, aad) => (await cipher).open(iv, ciphertext, aad),
    },
  })
}

function checkedKey(key: Uint8Array): Uint8Array {
  // By tag rather than instanceof, which fails between realms (test runners, frames, vm contexts).
  if (Object.prototype.toString.call(key) !== '[object Uint8Array]')
    throw new TypeError(`rawAes: key must be a Uint8Array, got ${kindOf(key)}`)
  if (![16, 24, 32].includes(key.length)) {
    throw new RangeError(`rawAes: key must have 16, 24 or 32 bytes, got ${key.length}`)
  }
  return key
}
