import type { OaepPadding } from '../token.ts'
import type { Handle, Mechanism } from './binding.ts'
import type { Session } from './connection.ts'
import {
  CKG_MGF1_SHA1,
  CKG_MGF1_SHA256,
  CKG_MGF1_SHA384,
  CKG_MGF1_SHA512,
  CKM_RSA_PKCS_OAEP,
  CKM_SHA_1,
  CKM_SHA256,
  CKM_SHA384,
  CKM_SHA512,
  CKZ_DATA_SPECIFIED,
  PARAMS_RSA_OAEP,
} from './constants.ts'
import { decryptInToken } from './decrypt.ts'

/** raw-rsa-keyring.md: the mask generation function has the hash of the padding. */
const HASHES: Readonly<Record<OaepPadding, { readonly hashAlg: number; readonly mgf: number }>> = {
  'oaep-sha1': { hashAlg: CKM_SHA_1, mgf: CKG_MGF1_SHA1 },
  'oaep-sha256': { hashAlg: CKM_SHA256, mgf: CKG_MGF1_SHA256 },
  'oaep-sha384': { hashAlg: CKM_SHA384, mgf: CKG_MGF1_SHA384 },
  'oaep-sha512': { hashAlg: CKM_SHA512, mgf: CKG_MGF1_SHA512 },
}

/** Decrypts in the token with RSA-OAEP. `null` where the ciphertext does not open. */
export function decryptOaepInToken(
  session: Session,
  key: Handle,
  padding: OaepPadding,
  ciphertext: Uint8Array,
): Promise<Uint8Array | null> {
  const mechanism: Mechanism = {
    mechanism: CKM_RSA_PKCS_OAEP,
    parameter: { type: PARAMS_RSA_OAEP, source: CKZ_DATA_SPECIFIED, ...HASHES[padding] },
  }
  return decryptInToken(session, mechanism, key, ciphertext)
}
