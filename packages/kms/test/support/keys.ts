import { CreateKeyCommand, type CreateKeyCommandInput, type KeyMetadata, type KMSClient } from '@aws-sdk/client-kms'

export interface MadeKey {
  readonly id: string
  readonly arn: string
  readonly metadata: KeyMetadata
}

export async function createKey(client: KMSClient, input: CreateKeyCommandInput = {}): Promise<MadeKey> {
  const { KeyMetadata: metadata } = await client.send(new CreateKeyCommand(input))
  if (metadata?.KeyId === undefined || metadata.Arn === undefined) throw new Error('CreateKey answered no key')
  return { id: metadata.KeyId, arn: metadata.Arn, metadata }
}

/** Text as bytes that stand inside a larger buffer. */
export function bytes(text: string): Uint8Array {
  const encoded = new TextEncoder().encode(text)
  const larger = new Uint8Array(encoded.length + 9).fill(0xee)
  larger.set(encoded, 4)
  return larger.subarray(4, 4 + encoded.length)
}
