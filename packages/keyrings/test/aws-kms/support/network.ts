import type { LocalKms } from '@bongtu/kms'
import { type HttpHandler, http } from 'msw'
import { setupServer } from 'msw/node'
import { onTestFinished, vi } from 'vitest'

/** AWS's own host of a Region. */
export const hostOf = (region: string): string => `https://kms.${region}.amazonaws.com/`

/** Answers what goes to AWS's hosts out of a KMS in the process. */
export const awsHosts = (kms: LocalKms): HttpHandler =>
  http.post('https://*.amazonaws.com/', ({ request }) => kms.handle(request))

/**
 * For one test: the network is these handlers, the first that fits, and anything else fails. Pauses between attempts
 * take no time.
 */
export function network(...handlers: readonly HttpHandler[]): void {
  const server = setupServer(...handlers)
  server.listen({ onUnhandledRequest: 'error' })
  vi.spyOn(Math, 'random').mockReturnValue(0)
  onTestFinished(() => {
    server.close()
    vi.restoreAllMocks()
  })
}
