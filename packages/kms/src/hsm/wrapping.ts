import { nodeEngine, unwrapRsaAes } from '@bongtu/crypto/node'
import type { WrappingAlgorithm, WrappingKeySpec } from './port.ts'

/** How one wrapping algorithm is undone. */
export interface WrappingAlgorithmRow {
  /** Its byte in an import token. */
  readonly code: number
  /** The material from what was wrapped, under a PKCS #8 private key; `null` where it does not open. */
  unwrap(privateKey: Uint8Array, wrapped: Uint8Array): Uint8Array | null
}

export const WRAPPING_KEY_SPECS: Readonly<Record<WrappingKeySpec, 2048 | 3072 | 4096>> = {
  RSA_2048: 2048,
  RSA_3072: 3072,
  RSA_4096: 4096,
}

export const WRAPPING_ALGORITHMS: Readonly<Record<WrappingAlgorithm, WrappingAlgorithmRow>> = {
  RSAES_OAEP_SHA_1: { code: 1, unwrap: oaep('oaep-sha1') },
  RSAES_OAEP_SHA_256: { code: 2, unwrap: oaep('oaep-sha256') },
  RSA_AES_KEY_WRAP_SHA_1: { code: 3, unwrap: rsaAes('oaep-sha1') },
  RSA_AES_KEY_WRAP_SHA_256: { code: 4, unwrap: rsaAes('oaep-sha256') },
}

export function algorithmOfCode(code: number | undefined): WrappingAlgorithmRow | undefined {
  return Object.values(WRAPPING_ALGORITHMS).find((row) => row.code === code)
}

type Oaep = 'oaep-sha1' | 'oaep-sha256'

function oaep(padding: Oaep): WrappingAlgorithmRow['unwrap'] {
  return (privateKey, wrapped) => nodeEngine.importRsaPrivateKey(privateKey).decrypt(padding, wrapped)
}

function rsaAes(padding: Oaep): WrappingAlgorithmRow['unwrap'] {
  return (privateKey, wrapped) => unwrapRsaAes(privateKey, padding, wrapped)
}
