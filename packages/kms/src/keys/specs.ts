import type { ValueOf } from '../model/types.ts'

type Spec = ValueOf<'KeySpec'>
type Usage = ValueOf<'KeyUsageType'>

const RSA: readonly Usage[] = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY']
const CURVE: readonly Usage[] = ['SIGN_VERIFY', 'KEY_AGREEMENT']
const SIGNING: readonly Usage[] = ['SIGN_VERIFY']
const MAC: readonly Usage[] = ['GENERATE_VERIFY_MAC']
const KEM: readonly Usage[] = ['ENCAPSULATE_DECAPSULATE']

/** What keys of each spec may be for. */
export const specUsages: Readonly<Record<Spec, readonly Usage[]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: CURVE,
  ECC_NIST_P384: CURVE,
  ECC_NIST_P521: CURVE,
  ECC_SECG_P256K1: SIGNING,
  ECC_NIST_EDWARDS25519: SIGNING,
  ML_DSA_44: SIGNING,
  ML_DSA_65: SIGNING,
  ML_DSA_87: SIGNING,
  HMAC_224: MAC,
  HMAC_256: MAC,
  HMAC_384: MAC,
  HMAC_512: MAC,
  ML_KEM_512: KEM,
  ML_KEM_768: KEM,
  ML_KEM_1024: KEM,
  SM2: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
}
