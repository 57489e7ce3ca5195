import type { RsaPublicKey } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import type { Handle } from './binding.ts'
import type { Session } from './connection.ts'
import { CKA_CLASS, CKA_ID, CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKO_PUBLIC_KEY } from './constants.ts'
import { attribute, findObjects, type KeyObject } from './objects.ts'

/**
 * The public half of an RSA private key: what the private key object tells of it, else the public key object of the same
 * id. Anyone may have put that one there, so whoever encrypts with it checks first that the private key opens it.
 */
export function publicHalf(session: Session, key: KeyObject): RsaPublicKey | null {
  const candidates = [key.handle, ...(key.id.length === 0 ? [] : publicObjects(session, key.id))]
  for (const object of candidates) {
    const n = attribute(session, object, CKA_MODULUS)
    const e = attribute(session, object, CKA_PUBLIC_EXPONENT)
    if (n !== null && n.length > 0 && e !== null && e.length > 0) {
      return nodeEngine.importRsaPublicKey({ kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') })
    }
  }
  return null
}

const publicObjects = (session: Session, id: Uint8Array): Handle[] =>
  findObjects(session, [
    { type: CKA_CLASS, value: CKO_PUBLIC_KEY },
    { type: CKA_ID, value: Buffer.from(id) },
  ])
