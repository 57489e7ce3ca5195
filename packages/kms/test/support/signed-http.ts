import { createHash, createHmac } from 'node:crypto'
import { type RawAnswer, rawRequest } from './raw-http.ts'

interface Signer {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The headers of a request that is signed with Signature Version 4; those of `more` are signed, too. */
export function signedHeaders(
  { accessKeyId, secretAccessKey }: Signer,
  url: string,
  method: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { host, pathname } = new URL(url)
  const time = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const scope = `${time.slice(0, 8)}/us-east-1/kms/aws4_request`
  const headers: Record<string, string> = { host, 'x-amz-date': time, ...more }
  const names = Object.keys(headers).sort()
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('')
  const canonical = `${method}\n${pathname}\n\n${lines}\n${names.join(';')}\n${sha256(body)}`
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex')
  const credential = `Credential=${accessKeyId}/${scope}`
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...headers, authorization }
}

export const signedHttp = (signer: Signer, url: string, method: string, body = ''): Promise<RawAnswer> =>
  rawRequest(url, method, signedHeaders(signer, url, method, body), body)
