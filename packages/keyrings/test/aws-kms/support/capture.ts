/** Takes requests in place of the network, and answers each as a KMS that knows one key. */
export interface Capture {
  readonly fetch: (request: Request) => Promise<Response>
  readonly requests: Request[]
  /** What the last one was signed with. */
  readonly credential: () => { readonly accessKeyId: string; readonly region: string; readonly token: string | null }
  readonly host: () => string
}

export function capture(): Capture {
  const requests: Request[] = []
  const last = (): Request => {
    const request = requests.at(-1)
    if (request === undefined) throw new Error('nothing was sent')
    return request
  }
  return {
    requests,
    async fetch(request) {
      requests.push(request)
      return Response.json({ KeyMetadata: { Arn: 'arn:aws:kms:us-east-1:111122223333:key/1' } })
    },
    credential() {
      const { headers } = last()
      const [, accessKeyId = '', region = ''] =
        /Credential=([^/]+)\/\d{8}\/([^/]+)\/kms\/aws4_request/.exec(headers.get('authorization') ?? '') ?? []
      return { accessKeyId, region, token: headers.get('x-amz-security-token') }
    },
    host: () => new URL(last().url).origin,
  }
}
