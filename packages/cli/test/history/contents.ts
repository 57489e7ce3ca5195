import * as sdk from '@aws-sdk/client-kms'
import type { LocalKms } from '@bongtu/kms'

/** What a client sees of a KMS, as plain JSON: every key of two Regions with all that AWS shows of it. */
export async function contentsOf(kms: LocalKms): Promise<{ readonly keys: unknown[] }> {
  const keys: unknown[] = []
  for (const region of ['us-east-1', 'eu-west-1']) {
    const client = new sdk.KMSClient(kms.clientConfig({ region }))
    const { Keys = [] } = await client.send(new sdk.ListKeysCommand({}))
    for (const { KeyId } of Keys) keys.push({ region, ...(await contentsOfKey(client, KeyId ?? '')) })
  }
  return plain({ keys })
}

async function contentsOfKey(client: sdk.KMSClient, KeyId: string): Promise<object> {
  const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }))
  const { Policy } = await client.send(new sdk.GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))
  const { Tags } = await client.send(new sdk.ListResourceTagsCommand({ KeyId }))
  const { Aliases } = await client.send(new sdk.ListAliasesCommand({ KeyId }))
  const { Rotations } = await client
    .send(new sdk.ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))
    .catch((error: Error) => ({ Rotations: error.name }))
  const { $metadata: _, ...rotation } = await client
    .send(new sdk.GetKeyRotationStatusCommand({ KeyId }))
    .catch((error: Error) => ({ $metadata: {}, refused: error.name }))
  return { KeyMetadata, Policy, Tags, Aliases, Rotations, rotation }
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
