import { IV_LENGTH, TAG_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { MAX_SEALED_LENGTH, type SealedBytes } from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { Handle, Mechanism } from './binding.ts'
import type { Session } from './connection.ts'
import { CKM_AES_GCM, PARAMS_GCM, PARAMS_GCM_WITHOUT_IV_BITS } from './constants.ts'
import { decryptInToken } from './decrypt.ts'
import { keptAlive } from './kept-alive.ts'

/**
 * How a token wants CKM_AES_GCM to be called. The initialisation vector is chosen here, or the token wants zeros and
 * writes its own over them, as AWS CloudHSM and modules in FIPS mode do.
 */
export interface GcmVariant {
  readonly name: string
  /** Which structure the parameter is: the standard's, or that of its early drafts. */
  readonly parameters: number
  readonly ivFrom: 'process' | 'token'
}

/** In the order in which they are tried. */
export const GCM_VARIANTS: readonly GcmVariant[] = [
  { name: 'CKM_AES_GCM', parameters: PARAMS_GCM, ivFrom: 'process' },
  { name: 'CKM_AES_GCM with the IV of the token', parameters: PARAMS_GCM, ivFrom: 'token' },
  { name: 'CKM_AES_GCM of the drafts', parameters: PARAMS_GCM_WITHOUT_IV_BITS, ivFrom: 'process' },
  {
    name: 'CKM_AES_GCM of the drafts with the IV of the token',
    parameters: PARAMS_GCM_WITHOUT_IV_BITS,
    ivFrom: 'token',
  },
]

/** Seals in the token, under a fresh initialisation vector at every call. */
export async function sealInToken(
  { binding, handle }: Session,
  key: Handle,
  variant: GcmVariant,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Promise<SealedBytes> {
  const iv = Buffer.alloc(IV_LENGTH)
  if (variant.ivFrom === 'process') iv.set(nodeEngine.random(IV_LENGTH))
  const given = Buffer.from(iv)
  const mechanism = gcm(variant, iv, aad)
  const input = Buffer.from(plaintext)
  const output = Buffer.alloc(plaintext.length + TAG_LENGTH)
  try {
    binding.C_EncryptInit(handle, mechanism, key)
    const sealed = await keptAlive([mechanism, input, output], () => binding.C_EncryptAsync(handle, input, output))
    const expected = variant.ivFrom === 'process' ? iv.equals(given) : !iv.equals(given)
    if (!expected || sealed.length !== output.length) {
      throw new TokenError('unsupported', `the token does not do ${variant.name} as expected`)
    }
    return { iv: Uint8Array.from(iv), ciphertext: Uint8Array.from(sealed) }
  } finally {
    input.fill(0)
  }
}

/** Opens in the token. `null` where it does not authenticate. */
export async function openInToken(
  session: Session,
  key: Handle,
  variant: GcmVariant,
  { iv, ciphertext }: SealedBytes,
  aad: Uint8Array,
): Promise<Uint8Array | null> {
  if (iv.length !== IV_LENGTH || ciphertext.length < TAG_LENGTH) return null
  if (ciphertext.length > MAX_SEALED_LENGTH + TAG_LENGTH) return null
  return decryptInToken(session, gcm(variant, Buffer.from(iv), aad), key, ciphertext)
}

function gcm({ parameters }: GcmVariant, iv: Buffer, aad: Uint8Array): Mechanism {
  const common = { type: parameters, iv, ivBits: IV_LENGTH * 8, tagBits: TAG_LENGTH * 8 }
  const parameter = aad.length === 0 ? common : { ...common, aad: Buffer.from(aad) }
  return { mechanism: CKM_AES_GCM, parameter }
}
