import { nodeEngine } from '@bongtu/crypto/node'
import { concat } from './bytes.ts'
import { encodeMaterialScope } from './key-name.ts'
import type { KeyName } from './port.ts'

const encoder = new TextEncoder()
const SEPARATOR = Uint8Array.of(0)
/** 256, as 32 bits: the length of every output in bits, the last part of the fixed input. */
const OUTPUT_BITS = Uint8Array.of(0, 0, 1, 0)
const OUTPUT_LENGTH = 32

const ENCRYPTION = encoder.encode('bongtu-kms encryption')
const MATERIAL_ID = encoder.encode('bongtu-kms key material id')

/**
 * The key of one encryption (SP 800-108 §4.1, HMAC-SHA256 in counter mode, counter of 32 bits in front): 32 bytes from
 * the backing key and the fixed input `"bongtu-kms encryption" ‖ 00 ‖ N ‖ 00 00 01 00`. The caller zeroes it.
 */
export function deriveEncryptionKey(backingKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return derive(backingKey, ENCRYPTION, nonce)
}

/**
 * The HBKID: the same function of the material under another label, with account and key id as context. It is in the clear
 * in every blob. Like any output of the function it tells nothing about the material or about keys of encryptions.
 */
export function deriveBackingKeyId(material: Uint8Array, key: KeyName): Uint8Array {
  return derive(material, MATERIAL_ID, encodeMaterialScope(key))
}

function derive(key: Uint8Array, label: Uint8Array, context: Uint8Array): Uint8Array {
  return nodeEngine.counterKdf('sha256', key, concat(label, SEPARATOR, context, OUTPUT_BITS), OUTPUT_LENGTH)
}
