import { request } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  /** Names and values in turn, spelled as they came. */
  readonly rawHeaders: readonly string[]
  readonly text: string
}

/** A request with headers as given, `host` among them. */
export function rawRequest(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: Uint8Array | string = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
