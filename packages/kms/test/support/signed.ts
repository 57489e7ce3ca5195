import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import type { KmsClientConfig } from '../../src/local-kms.ts'
import type { SdkRequest } from '../../src/wire/in-process.ts'
import type { WireRequest } from '../../src/wire/message.ts'

export interface Signing {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly region?: string
  /** The clock of the client, in milliseconds since 1970. */
  readonly now?: number
}

/** The bytes of a ListKeys request as a client of the AWS SDK signs it. */
export async function signedRequest({ region = 'us-east-1', now, ...credentials }: Signing): Promise<WireRequest> {
  let sent: SdkRequest | undefined
  const requestHandler = {
    async handle(request: SdkRequest) {
      sent = request
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{"Keys":[]}') } }
    },
  } as unknown as KmsClientConfig['requestHandler']
  const systemClockOffset = now === undefined ? 0 : now - Date.now()
  const client = new KMSClient({ region, endpoint: 'http://localhost', credentials, requestHandler, systemClockOffset })
  await client.send(new ListKeysCommand({ Limit: 7 }))
  if (sent === undefined) throw new Error('the client sent nothing')
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value]))
  return { method: 'POST', url: '/', headers, body: sent.body as Uint8Array }
}
