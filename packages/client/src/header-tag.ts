import type { AesGcm } from '@bongtu/crypto'
import { type DecodedHeader, type EncryptionContext, encodeEncryptionContext, headerIv } from '@bongtu/message-format'
import type { Derivation } from './message-keys.ts'

const NOTHING = new Uint8Array(0)

/** encrypt.md: the tag covers the header body and the required context, which is nothing, not a zero count, where empty. */
function coveredBytes(body: Uint8Array, tail: Uint8Array): Uint8Array {
  if (tail.length === 0) return body
  const covered = new Uint8Array(body.length + tail.length)
  covered.set(body)
  covered.set(tail, body.length)
  return covered
}

/** The 16-byte tag over a header body that is about to be written. */
export async function headerTag(aead: AesGcm, body: Uint8Array, required: EncryptionContext): Promise<Uint8Array> {
  return aead.seal(headerIv(), NOTHING, coveredBytes(body, encodeEncryptionContext(required)))
}

/** Whether the tag covers the bytes of the header as they were received. */
export async function headerTagVerifies(
  aead: AesGcm,
  { bytes, authentication }: DecodedHeader,
  required: EncryptionContext,
  derivation: Derivation,
): Promise<boolean> {
  const tail = encodeEncryptionContext(required)
  // The AWS Encryption SDK for .NET 4.0.0 covered a zero count where there was no required context.
  const net400 = derivation === 'net-4.0.0' && tail.length === 0
  const covered = coveredBytes(bytes, net400 ? new Uint8Array(2) : tail)
  return (await aead.open(authentication.iv, authentication.tag, covered)) !== null
}
