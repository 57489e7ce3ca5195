/** Opens a record of a database activity stream of RDS or Aurora. */
import { gunzipSync } from 'node:zlib'
import { decrypt, type Kms, rawAes } from 'bongtu'

export interface ActivityRecord {
  /** A message in Base64. */
  readonly databaseActivityEvents: string
  /** In Base64, under the KMS key of the stream. */
  readonly key: string
}

/** `resourceId` is that of the cluster (`cluster-…`) or instance (`db-…`), `streamKey` the ARN of its KMS key. */
export async function databaseActivity(record: ActivityRecord, resourceId: string, streamKey: string, kms: Kms) {
  const kind = resourceId.startsWith('db-') ? 'aws:rds:db-id' : 'aws:rds:dbc-id'
  const { Plaintext: key } = await kms.decrypt({
    KeyId: streamKey,
    CiphertextBlob: Uint8Array.from(Buffer.from(record.key, 'base64')),
    EncryptionContext: { [kind]: resourceId },
  })
  if (key === undefined) throw new Error('AWS KMS answered no key')
  const keyring = rawAes({ namespace: 'BC', name: 'DataKey', key })
  const message = Uint8Array.from(Buffer.from(record.databaseActivityEvents, 'base64'))
  const { plaintext } = await decrypt(message, { keyring, commitmentPolicy: 'require-encrypt-allow-decrypt' })
  return JSON.parse(gunzipSync(plaintext).toString())
}
