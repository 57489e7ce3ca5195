import type {
  AesGcm,
  AgreementCurve,
  AgreementKey,
  Awaitable,
  Engine,
  KeyInput,
  RsaPrivateKey,
  RsaPublicKey,
  Signer,
  SigningCurve,
  SigningKey,
  Verifier,
} from '../../engine.ts'

/** The same shape with every promise gone. */
type Settled<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => Awaited<R> : T[K]
}

export type SyncAesGcm = Settled<AesGcm>
export type SyncSigner = Settled<Signer>
export type SyncVerifier = Settled<Verifier>
export type SyncAgreementKey = Settled<AgreementKey>
export type SyncRsaPublicKey = Settled<RsaPublicKey>
export type SyncRsaPrivateKey = Settled<RsaPrivateKey>

export interface SyncSigningKey extends SigningKey {
  signer(): SyncSigner
}

type Plain = 'name' | 'rsaEncryptPaddings' | 'rsaDecryptPaddings' | 'random' | 'equal'
type Symmetric = 'hash' | 'hmac' | 'hkdf' | 'counterKdf' | 'importAgreementPublicKey'

/** An engine that answers at once. Only the key pair of a signed message may be waited for, by one turn of the event loop. */
export interface SyncEngine extends Settled<Pick<Engine, Plain | Symmetric>> {
  aesGcm(key: Uint8Array): SyncAesGcm
  generateSigningKey(curve: SigningCurve): Awaitable<SyncSigningKey>
  verifier(curve: SigningCurve, publicKey: Uint8Array): SyncVerifier
  generateAgreementKey(curve: AgreementCurve): SyncAgreementKey
  importAgreementKey(curve: AgreementCurve, privateKey: KeyInput): SyncAgreementKey
  importRsaPublicKey(key: KeyInput): SyncRsaPublicKey
  importRsaPrivateKey(key: KeyInput): SyncRsaPrivateKey
}
