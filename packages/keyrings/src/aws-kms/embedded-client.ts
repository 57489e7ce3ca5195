import { defaultEngine } from '@bongtu/crypto'
import { wireClient } from './client/wire-client.ts'
import type { EmbeddedKms, Kms } from './port.ts'

/** Where requests would go if they left the process: signatures cover it. */
const URL_OF_PROCESS = new URL('http://localhost/')
/** Milliseconds: there is no network to wait for. */
const TIMEOUT = 10_000

/** A client of one Region of a KMS in this process. It signs what it sends, and no byte leaves the process. */
export function embeddedClient(kms: EmbeddedKms, region: string | undefined): Kms {
  const config = kms.clientConfig(region === undefined ? {} : { region })
  return wireClient({
    region: async () => config.region,
    credentials: async () => config.credentials,
    endpoint: async () => URL_OF_PROCESS,
    engine: defaultEngine,
    maxAttempts: 3,
    timeout: TIMEOUT,
    deadline: 3 * TIMEOUT,
    send: async ({ headers, body }) => {
      const answer = await kms.entry({ method: 'POST', url: '/', headers: { ...headers, host: 'localhost' }, body })
      return { status: answer.status, requestId: answer.headers['x-amzn-RequestId'] ?? null, body: answer.body }
    },
  })
}
