import type { WireResponse } from './message.ts'

/** An answer to what is no request of the API at all: of the HTTP layer, not of AWS. */
export function refuse(status: number, text: string): WireResponse {
  const body = Buffer.from(JSON.stringify({ __type: 'BadRequest', message: text }))
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
  return { status, headers, body }
}
