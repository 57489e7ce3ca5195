import type { UnwrapRequest, WrappedDataKey, WrapRequest } from '@bongtu/client'
import { readMembers, record } from '@bongtu/crypto/options'
import { BongtuError, type EncryptedDataKey } from '@bongtu/message-format'
import { WRAP_REQUEST } from '../wrap-data-key.ts'
import { abortable } from './abortable.ts'
import { parseKeyArn } from './arn.ts'
import { mayBe } from './key-ids.ts'
import type { Kms, KmsAnswer, KmsCallOptions } from './port.ts'

/** The provider id of what AWS KMS symmetric keyrings write. */
export const AWS_KMS = 'aws-kms'
/** What a field of an encrypted data key holds at most, in bytes (message-header.md). */
const MAX_FIELD_LENGTH = 0xffff

const encoder = new TextEncoder()

/** One KMS client, and the grant tokens that go with its calls. */
export interface KmsAccess {
  readonly kms: Kms
  readonly grantTokens: readonly string[]
}

/**
 * GenerateDataKey, or Encrypt of the given data key, under one KMS key (aws-kms-keyring.md, OnEncrypt). Rejects with
 * ERR_KEYRING where the answer is not what was asked for, with what the client rejects with, and with the signal's
 * reason.
 */
export async function wrapUnderKmsKey(access: KmsAccess, keyId: string, request: WrapRequest): Promise<WrappedDataKey> {
  const { suite, encryptionContext, dataKey: given, signal } = readMembers(request, WRAP_REQUEST)
  const common = { KeyId: keyId, ...inEveryCall(access, encryptionContext) }
  const [operation, answer] =
    given === undefined
      ? ([
          'GenerateDataKey',
          await call(signal, (options) =>
            access.kms.generateDataKey(record({ ...common, NumberOfBytes: suite.dataKeyLength }), options),
          ),
        ] as const)
      : ([
          'Encrypt',
          await call(signal, (options) => access.kms.encrypt(record({ ...common, Plaintext: given }), options)),
        ] as const)
  const dataKey = given ?? ownPlaintext(answer)
  try {
    const fault = faultOf(answer, keyId, dataKey.length, suite.dataKeyLength)
    if (fault !== null) throw new BongtuError('ERR_KEYRING', `${operation} under ${keyId} ${fault}`)
    return { dataKey, encryptedDataKeys: [encryptedDataKeyOf(answer)] }
  } catch (error) {
    if (given === undefined) dataKey.fill(0)
    throw error
  }
}

/** Why an answer to GenerateDataKey or Encrypt is not taken, or `null`. */
function faultOf({ KeyId, CiphertextBlob }: KmsAnswer, keyId: string, length: number, wanted: number): string | null {
  if (length !== wanted) return `answered a data key of ${length} bytes where ${wanted} were asked for`
  const arn = typeof KeyId === 'string' ? parseKeyArn(KeyId) : null
  if (arn === null) return 'did not answer the ARN of the key'
  if (!mayBe(keyId, arn)) return 'answered for another key'
  if (!isBytes(CiphertextBlob) || CiphertextBlob.length === 0) return 'answered no ciphertext'
  return CiphertextBlob.length > MAX_FIELD_LENGTH ? 'answered a ciphertext longer than the header holds' : null
}

const encryptedDataKeyOf = ({ KeyId = '', CiphertextBlob = new Uint8Array(0) }: KmsAnswer): EncryptedDataKey => ({
  providerId: AWS_KMS,
  keyInfo: encoder.encode(KeyId),
  ciphertext: Uint8Array.from(CiphertextBlob),
})

/**
 * Decrypt under exactly this key. Rejects where KMS answers for another key, whose owner would otherwise choose the data
 * key (aws-kms-keyring.md, OnDecrypt), with what the client rejects with, and with the signal's reason.
 */
export async function unwrapUnderKmsKey(
  access: KmsAccess,
  keyArn: string,
  { ciphertext }: EncryptedDataKey,
  { encryptionContext, signal }: UnwrapRequest,
): Promise<Uint8Array> {
  const asked = { KeyId: keyArn, CiphertextBlob: ciphertext }
  const request = record({ ...asked, ...inEveryCall(access, encryptionContext) })
  const answer = await call(signal, (options) => access.kms.decrypt(request, options))
  const dataKey = ownPlaintext(answer)
  if (answer.KeyId === keyArn) return dataKey
  dataKey.fill(0)
  throw new Error(`Decrypt under ${keyArn} answered for another key`)
}

/** Contexts have no prototype; a copy with one is what every client serialises. */
function inEveryCall({ grantTokens }: KmsAccess, context: Readonly<Record<string, string>>) {
  return {
    EncryptionContext: { ...context },
    ...(grantTokens.length > 0 ? { GrantTokens: [...grantTokens] } : {}),
  }
}

async function call(
  signal: AbortSignal | undefined,
  make: (options: KmsCallOptions) => Promise<KmsAnswer>,
): Promise<KmsAnswer> {
  signal?.throwIfAborted()
  return abortable(
    make(record<KmsCallOptions>({}, signal === undefined ? {} : { abortSignal: signal })),
    signal,
    zeroPlaintext,
  )
}

/** The data key as a copy of our own; the one that the client may hold on to is zeroed. No bytes where there is none. */
function ownPlaintext(answer: KmsAnswer): Uint8Array {
  const { Plaintext } = answer
  const dataKey = isBytes(Plaintext) ? Uint8Array.from(Plaintext) : new Uint8Array(0)
  zeroPlaintext(answer)
  return dataKey
}

function zeroPlaintext({ Plaintext }: KmsAnswer): void {
  if (isBytes(Plaintext)) Plaintext.fill(0)
}

/** By tag rather than instanceof, which fails between realms. A client that answers Base64 text must not pass for one. */
const isBytes = (value: unknown): value is Uint8Array => Object.prototype.toString.call(value) === '[object Uint8Array]'
