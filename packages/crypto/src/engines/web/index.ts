import type { Engine } from '../../engine.ts'
import { equal } from '../noble/equal.ts'
import { random } from '../noble/random.ts'
import { generateSigningKey, verifier } from '../noble/signing.ts'
import { aesGcm } from './aes-gcm.ts'
import { generateAgreementKey, importAgreementKey, importAgreementPublicKey } from './agreement.ts'
import { counterKdf, hash, hkdf, hmac } from './kdf.ts'
import { importRsaPrivateKey, importRsaPublicKey, rsaPaddings } from './rsa.ts'
import { unavailable } from './subtle.ts'

/** The engine on WebCrypto. What WebCrypto lacks, hashing piece by piece and signing a digest, is done in JavaScript. */
export const engine: Engine = {
  name: 'web',
  unavailable,
  rsaEncryptPaddings: rsaPaddings,
  rsaDecryptPaddings: rsaPaddings,
  random,
  equal,
  hash,
  hmac,
  hkdf,
  counterKdf,
  aesGcm,
  generateSigningKey,
  verifier,
  generateAgreementKey,
  importAgreementKey,
  importAgreementPublicKey,
  importRsaPublicKey,
  importRsaPrivateKey,
}
