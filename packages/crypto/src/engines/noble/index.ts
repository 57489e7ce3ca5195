import type { Engine } from '../../engine.ts'
import { aesGcm } from './aes-gcm.ts'
import { generateAgreementKey, importAgreementKey, importAgreementPublicKey } from './agreement.ts'
import { equal } from './equal.ts'
import { counterKdf, hash, hkdf, hmac } from './kdf.ts'
import { random } from './random.ts'
import { generateSigningKey, verifier } from './signing.ts'

/** The engine in JavaScript, for runtimes that have no `crypto.subtle`. It has no RSA. */
export const engine: Engine = {
  name: 'noble',
  rsaEncryptPaddings: [],
  rsaDecryptPaddings: [],
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
  importRsaPublicKey: noRsa,
  importRsaPrivateKey: noRsa,
}

function noRsa(): never {
  throw new TypeError('the noble engine has no RSA: use the node engine or the web engine')
}
