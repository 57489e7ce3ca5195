/**
 * The engine on node:crypto, and the synchronous primitives that only a server needs. RSA-OAEP unwrapping is
 * `nodeEngine.importRsaPrivateKey(pkcs8).decrypt('oaep-sha256', ciphertext)`.
 */

export type * from './engine.ts'
export { aesGcm as aesGcmKey } from './engines/node/aes-gcm.ts'
export { hmacSha256Key, sha256, sha256Hex, sha384, sha512 } from './engines/node/digests.ts'
export { engine as nodeEngine } from './engines/node/index.ts'
export { counterKdf } from './engines/node/kdf.ts'
export { unwrapKwp, unwrapRsaAes, wrapKwp } from './engines/node/key-wrap.ts'
export { equal, random as randomBytes } from './engines/node/random.ts'
export { generateRsaKeyPair, type RsaKeyPair } from './engines/node/rsa-key-pair.ts'
export { type ScryptCost, scrypt } from './engines/node/scrypt.ts'
export type * from './engines/node/sync-engine.ts'
