import type { UnwrapRequest, WrappedDataKey, WrapRequest } from '@bongtu/client'
import { BongtuError, type EncryptedDataKey } from '@bongtu/message-format'
import { parseKmsArn } from './arn.ts'
import type { Kms, KmsAnswer } from './port.ts'

/** The provider id of what AWS KMS symmetric keyrings write. */
export const AWS_KMS = 'aws-kms'

const encoder = new TextEncoder()

/** One KMS client, and the grant tokens that go with its calls. */
export interface KmsAccess {
  readonly kms: Kms
  readonly grantTokens: readonly string[]
}

function shared({ grantTokens }: KmsAccess, context: Readonly<Record<string, string>>) {
  return {
    EncryptionContext: { ...context },
    ...(grantTokens.length > 0 ? { GrantTokens: [...grantTokens] } : {}),
  }
}

const withSignal = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal })

/**
 * GenerateDataKey, or Encrypt of the given data key, under one KMS key (aws-kms-keyring.md, OnEncrypt). Rejects with
 * ERR_KEYRING where the answer is not what was asked for, and with what the client rejects with.
 */
export async function wrapUnderKmsKey(access: KmsAccess, keyId: string, request: WrapRequest): Promise<WrappedDataKey> {
  const { suite, encryptionContext, dataKey: given, signal } = request
  signal?.throwIfAborted()
  const common = { KeyId: keyId, ...shared(access, encryptionContext) }
  const answer =
    given === undefined
      ? await access.kms.generateDataKey({ ...common, NumberOfBytes: suite.dataKeyLength }, withSignal(signal))
      : await access.kms.encrypt({ ...common, Plaintext: given }, withSignal(signal))
  const operation = given === undefined ? 'GenerateDataKey' : 'Encrypt'
  const dataKey = given ?? ownPlaintext(answer)
  try {
    return { dataKey, encryptedDataKeys: [wrappedKey(answer, operation, keyId, dataKey, suite.dataKeyLength)] }
  } catch (error) {
    if (given === undefined) dataKey.fill(0)
    throw error
  }
}

function wrappedKey(
  { KeyId, CiphertextBlob }: KmsAnswer,
  operation: string,
  keyId: string,
  dataKey: Uint8Array,
  length: number,
): EncryptedDataKey {
  const broken =
    dataKey.length !== length
      ? `answered a data key of ${dataKey.length} bytes where ${length} were asked for`
      : parseKmsArn(KeyId ?? '')?.resourceType !== 'key'
        ? 'did not answer the ARN of the key'
        : CiphertextBlob === undefined || CiphertextBlob.length === 0
          ? 'answered no ciphertext'
          : undefined
  if (broken !== undefined || KeyId === undefined || CiphertextBlob === undefined) {
    throw new BongtuError('ERR_KEYRING', `${operation} under ${keyId} ${broken}`)
  }
  return { providerId: AWS_KMS, keyInfo: encoder.encode(KeyId), ciphertext: CiphertextBlob }
}

/**
 * Decrypt under exactly this key. Rejects where KMS answers for another key (GHSA lesson: the response's key id must be
 * the requested one), and with what the client rejects with.
 */
export async function unwrapUnderKmsKey(
  access: KmsAccess,
  keyArn: string,
  encryptedDataKey: EncryptedDataKey,
  { encryptionContext, signal }: UnwrapRequest,
): Promise<Uint8Array> {
  const request = {
    KeyId: keyArn,
    CiphertextBlob: encryptedDataKey.ciphertext,
    ...shared(access, encryptionContext),
  }
  const answer = await access.kms.decrypt(request, withSignal(signal))
  const dataKey = ownPlaintext(answer)
  if (answer.KeyId === keyArn) return dataKey
  dataKey.fill(0)
  throw new Error(`Decrypt under ${keyArn} answered for another key`)
}

/** The data key as a copy of our own; the one that the client may hold on to is zeroed. */
function ownPlaintext({ Plaintext }: KmsAnswer): Uint8Array {
  const dataKey = Plaintext === undefined ? new Uint8Array(0) : Uint8Array.from(Plaintext)
  Plaintext?.fill(0)
  return dataKey
}
