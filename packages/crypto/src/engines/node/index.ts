import { aesGcm } from './aes-gcm.ts'
import { generateAgreementKey, importAgreementKey, importAgreementPublicKey } from './agreement.ts'
import { counterKdf, hash, hkdf, hmac } from './kdf.ts'
import { equal, random } from './random.ts'
import { importRsaPrivateKey, importRsaPublicKey, rsaDecryptPaddings, rsaEncryptPaddings } from './rsa.ts'
import { generateSigningKey, verifier } from './signing.ts'
import type { SyncEngine } from './sync-engine.ts'

/** The engine on node:crypto. Everything answers at once, but for P-384 key pairs that have run out. */
export const engine: SyncEngine = {
  name: 'node',
  rsaEncryptPaddings,
  get rsaDecryptPaddings() {
    return rsaDecryptPaddings()
  },
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
