import { nodeEngine } from '@bongtu/crypto/node'
import { checkBytes, checkCount, rowNamed } from './check.ts'
import { type BlobVariant, MAX_BLOB_LENGTH, MAX_PLAINTEXT_LENGTH, parseBlob } from './ciphertext-blob.ts'
import type { DomainKeys } from './domain-keys.ts'
import { invalidCiphertext, openBlob, sealBlob } from './encryption.ts'
import { HsmError } from './errors.ts'
import { openImportToken } from './import-token.ts'
import { exportBackingKey, withBackingKey } from './key-token.ts'
import type {
  BackingKeyRef,
  CiphertextRef,
  CommandAnswer,
  CommandParameters,
  EncryptionContext,
  GenerateDataKeyParameters,
} from './port.ts'
import { SPECS } from './specs.ts'

const MAX_DATA_KEY_LENGTH = 1024
const MAX_RANDOM_LENGTH = 1024
const MAX_WRAPPED_LENGTH = 6144

export function createBackingKey(
  keys: DomainKeys,
  { key, spec }: CommandParameters<'createBackingKey'>,
): CommandAnswer<'createBackingKey'> {
  const material = nodeEngine.random(rowNamed(SPECS, 'key spec', spec).materialLength)
  try {
    return exportBackingKey(keys, key, spec, material)
  } finally {
    material.fill(0)
  }
}

export function importKeyMaterial(
  keys: DomainKeys,
  { key, spec, importToken, encryptedKeyMaterial }: CommandParameters<'importKeyMaterial'>,
  now: number,
): CommandAnswer<'importKeyMaterial'> {
  checkBytes('encryptedKeyMaterial', encryptedKeyMaterial, 1, MAX_WRAPPED_LENGTH)
  const { algorithm, privateKey } = openImportToken(keys, key, importToken, now)
  const material = algorithm.unwrap(privateKey, encryptedKeyMaterial)
  privateKey.fill(0)
  if (material === null) {
    throw new HsmError(
      'materialNotUnwrapped',
      'the key material does not unwrap: wrap it under the public key and with the algorithm that belong to the import token',
    )
  }
  try {
    return exportBackingKey(keys, key, spec, material)
  } finally {
    material.fill(0)
  }
}

export function encrypt(
  keys: DomainKeys,
  { key, token, plaintext, encryptionContext }: CommandParameters<'encrypt'>,
): CommandAnswer<'encrypt'> {
  checkBytes('plaintext', plaintext, 1, MAX_PLAINTEXT_LENGTH)
  return { ciphertextBlob: seal(keys, 'encrypt', { key, token }, plaintext, encryptionContext) }
}

export function decrypt(keys: DomainKeys, parameters: CommandParameters<'decrypt'>): CommandAnswer<'decrypt'> {
  return { plaintext: open(keys, parameters) }
}

export function reEncrypt(
  keys: DomainKeys,
  { source, destination }: CommandParameters<'reEncrypt'>,
): CommandAnswer<'reEncrypt'> {
  const plaintext = open(keys, source)
  try {
    return { ciphertextBlob: seal(keys, 'encrypt', destination, plaintext, destination.encryptionContext) }
  } finally {
    plaintext.fill(0)
  }
}

export function generateDataKey(
  keys: DomainKeys,
  { numberOfBytes, encryptionContext, key, token }: BackingKeyRef & GenerateDataKeyParameters,
): CommandAnswer<'generateDataKey'> {
  checkCount('numberOfBytes', numberOfBytes, MAX_DATA_KEY_LENGTH)
  const plaintext = nodeEngine.random(numberOfBytes)
  try {
    return { ciphertextBlob: seal(keys, 'dataKey', { key, token }, plaintext, encryptionContext), plaintext }
  } catch (error) {
    plaintext.fill(0)
    throw error
  }
}

export function generateDataKeyWithoutPlaintext(
  keys: DomainKeys,
  parameters: BackingKeyRef & GenerateDataKeyParameters,
): CommandAnswer<'generateDataKeyWithoutPlaintext'> {
  const { ciphertextBlob, plaintext } = generateDataKey(keys, parameters)
  plaintext.fill(0)
  return { ciphertextBlob }
}

export function generateRandom({
  numberOfBytes,
}: CommandParameters<'generateRandom'>): CommandAnswer<'generateRandom'> {
  checkCount('numberOfBytes', numberOfBytes, MAX_RANDOM_LENGTH)
  return { bytes: nodeEngine.random(numberOfBytes) }
}

function seal(
  keys: DomainKeys,
  variant: BlobVariant,
  ref: BackingKeyRef,
  plaintext: Uint8Array,
  encryptionContext: EncryptionContext,
): Uint8Array {
  return withBackingKey(keys, ref, (backingKey) => sealBlob(variant, backingKey, plaintext, encryptionContext))
}

function open(keys: DomainKeys, { key, token, ciphertextBlob, encryptionContext }: BackingKeyRef & CiphertextRef) {
  checkBytes('ciphertextBlob', ciphertextBlob, 1, MAX_BLOB_LENGTH)
  const blob = parseBlob(ciphertextBlob)
  if (blob === null) throw invalidCiphertext()
  return withBackingKey(keys, { key, token }, (backingKey) => openBlob(blob, backingKey, encryptionContext))
}
