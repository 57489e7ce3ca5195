import type { Call } from '../call.ts'
import { backingKeyIdOf } from '../hsm/port.ts'
import type { KeyAction } from '../keys/access.ts'
import { keyArn } from '../keys/arn.ts'
import { type KeyRecord, keyRecordId } from '../keys/key-record.ts'
import { loadKey, resolveKey } from '../keys/resolve.ts'
import { type Material, materials } from '../store/material.ts'
import { KmsError } from '../wire/errors.ts'

/** Throws InvalidKeyUsageException where a key of this spec does not encrypt with the algorithm. */
export function checkAlgorithm(key: KeyRecord, algorithm: string | undefined): void {
  if (algorithm === undefined || algorithm === 'SYMMETRIC_DEFAULT') return
  throw new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`)
}

/** Throws where the caller is an enclave: nothing here can seal an answer for one. */
export function refuseRecipient(recipient: object | undefined): void {
  if (recipient !== undefined) {
    throw new KmsError(
      'UnsupportedOperationException',
      'Recipient is not supported: no attestation document can be verified.',
    )
  }
}

const NO_ACCESS =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.'

/**
 * The key and material that made a ciphertext, which the ciphertext's header alone leads to. Where the caller names a
 * key it must be that one, which is checked before anything else about the named key.
 */
export async function keyOfCiphertext(
  call: Call,
  ciphertextBlob: Uint8Array,
  keyId: string | undefined,
  action: KeyAction,
): Promise<{ key: KeyRecord; material: Material }> {
  const named = keyId === undefined ? undefined : await resolveKey(call, keyId, action)
  const id = backingKeyIdOf(ciphertextBlob)
  if (id === null) throw new KmsError('InvalidCiphertextException')
  const { kms, caller } = call
  const entry = await kms.store.find(materials, 'keyMaterialId', `${caller.region}/${id}`)
  if (named !== undefined) {
    if (entry === undefined || keyRecordId(entry.record) !== keyRecordId(named)) throw incorrectKey()
    return { key: named, material: entry.record }
  }
  const key = entry === undefined ? undefined : await loadKey(kms, entry.record)
  if (entry === undefined || key === undefined) throw new KmsError('AccessDeniedException', NO_ACCESS)
  try {
    kms.authorize({ caller, action, account: key.account, keyArn: keyArn(key), key })
  } catch (error) {
    if (key.account !== caller.account) throw new KmsError('AccessDeniedException', NO_ACCESS)
    throw error
  }
  return { key, material: entry.record }
}

function incorrectKey(): KmsError {
  const text = 'The key ID in the request does not identify a CMK that can perform this operation.'
  return new KmsError('IncorrectKeyException', text)
}
