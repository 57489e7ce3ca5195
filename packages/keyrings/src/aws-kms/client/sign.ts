import type { Engine } from '@bongtu/crypto'
import type { KmsCredentials } from './settings.ts'

const encoder = new TextEncoder()
const SERVICE = 'kms'
const ALGORITHM = 'AWS4-HMAC-SHA256'

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export interface SignedRequest {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/** Signs a POST (AWS Signature Version 4, header form). Every header given is signed. */
export async function sign(
  engine: Engine,
  { url, headers, body }: SignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: KmsCredentials,
  region: string,
  now: Date,
): Promise<Record<string, string>> {
  const timestamp = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const date = timestamp.slice(0, 8)
  const signed: Record<string, string> = {
    ...headers,
    'x-amz-date': timestamp,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  }
  const canonical = Object.entries({ ...signed, host: url.host }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const names = canonical.map(([name]) => name).join(';')
  const lines = canonical.map(([name, value]) => `${name}:${value.trim()}\n`).join('')
  const bodyHash = hex(await engine.hash('sha256', body))
  const request = `POST\n${url.pathname}\n\n${lines}\n${names}\n${bodyHash}`
  const scope = `${date}/${region}/${SERVICE}/aws4_request`
  const toSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${hex(await engine.hash('sha256', encoder.encode(request)))}`
  let key = encoder.encode(`AWS4${secretAccessKey}`)
  for (const part of [date, region, SERVICE, 'aws4_request', toSign]) {
    key = new Uint8Array(await engine.hmac('sha256', key, encoder.encode(part)))
  }
  const authorization = `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${hex(key)}`
  return { ...signed, authorization }
}
