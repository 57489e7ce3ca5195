import type { Keyring } from '@bongtu/client'
import { defaultEngine, type Engine, type KeyInput, type RsaPadding } from '@bongtu/crypto'
import { type OptionNames, oneOf, readOptions } from '@bongtu/crypto/options'
import { BongtuError } from '@bongtu/message-format'
import { begun } from '../awaitable.ts'
import { rawKeyName } from '../raw-key-name.ts'
import { rawRsaLayout } from '../raw-layout/rsa.ts'
import { importRsaKeys } from './keys.ts'
import { NO_PKCS1_DECRYPTION } from './pkcs1.ts'

export interface RawRsaOptions {
  /** The provider id of its encrypted data keys. May not begin with `aws-kms`. */
  readonly namespace: string
  /** Tells this key from the others of the namespace. Readers must use the same. */
  readonly name: string
  /** No default, since writer and reader must agree. The mask hash of OAEP is its hash. `pkcs1` is for old messages only. */
  readonly padding: RsaPadding
  /** To encrypt: PEM, DER (SPKI), a JWK, a CryptoKey, or a node KeyObject. Never derived from the private key. */
  readonly publicKey?: KeyInput
  /** To decrypt: PEM, DER (PKCS#8), a JWK, a CryptoKey, or a node KeyObject. */
  readonly privateKey?: KeyInput
  /**
   * Also encrypts under a public key of fewer than 2,048 bits or with a public exponent below 65,537. Default: `false`, which
   * rejects with ERR_KEYRING when a data key is wrapped. Messages under such a key are decrypted in any case.
   */
  readonly allowWeakKeys?: boolean
  /** Where the cryptography runs. Default: the engine of this platform. */
  readonly engine?: Engine
}

const OPTIONS: OptionNames<RawRsaOptions> = {
  namespace: true,
  name: true,
  padding: true,
  publicKey: true,
  privateKey: true,
  allowWeakKeys: true,
  engine: true,
}

const PADDINGS: readonly RsaPadding[] = ['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512', 'pkcs1']

/**
 * Wraps data keys under an RSA key (raw-rsa-keyring.md): anyone with the public key encrypts, the private key decrypts.
 * The encryption context is not bound to the encrypted data key; the message's header tag still covers it.
 *
 * With `padding: 'pkcs1'` an encrypted data key of this name always counts as opened: a failed one gives a random data
 * key, so that only the header tag tells. In a `multi` keyring it therefore stands last.
 *
 * @throws TypeError for an option of the wrong type, an unknown one, no key at all, a key that is not an RSA key of its
 * half, and two keys that are not a pair (where the engine is asynchronous, the last two reject the first call instead);
 * RangeError for a namespace or name that is empty, not well-formed, too long, or of the AWS KMS keyrings; ERR_UNSUPPORTED
 * where the engine lacks the padding.
 */
export function rawRsa(given: RawRsaOptions): Keyring {
  const options = readOptions('rawRsa', given, OPTIONS)
  const { padding, publicKey, privateKey, allowWeakKeys = false, engine = defaultEngine } = options
  const keyName = rawKeyName('raw-rsa', options.namespace, options.name, 0)
  if (publicKey === undefined && privateKey === undefined) {
    throw new TypeError('rawRsa: give publicKey to encrypt, privateKey to decrypt, or both')
  }
  requirePadding(engine, options)
  oneOf('rawRsa: allowWeakKeys', allowWeakKeys, [true, false])
  const keys = begun(importRsaKeys(engine, padding, publicKey, privateKey))
  return rawRsaLayout({ keyName, padding, engine, allowWeakKeys, keys: () => keys })
}

function requirePadding(engine: Engine, { padding, publicKey, privateKey }: RawRsaOptions): void {
  if (!PADDINGS.includes(padding))
    throw new TypeError(`rawRsa: padding must be one of ${PADDINGS.join(', ')}; no default`)
  if (publicKey !== undefined && !engine.rsaEncryptPaddings.includes(padding)) {
    throw new BongtuError('ERR_UNSUPPORTED', `the engine ${engine.name} does not encrypt with RSA and ${padding}`)
  }
  if (privateKey !== undefined && !engine.rsaDecryptPaddings.includes(padding)) {
    const what = padding === 'pkcs1' ? NO_PKCS1_DECRYPTION : `decrypt with RSA and ${padding}`
    throw new BongtuError('ERR_UNSUPPORTED', `the engine ${engine.name} does not ${what}`)
  }
}
