import type { WireResponse } from './message.ts'

/** An answer to what is no request of the API at all: of the HTTP layer, not of AWS. */
export function refuse(status: number, text: string, more: Readonly<Record<string, string>> = {}): WireResponse {
  const body = Buffer.from(JSON.stringify({ __type: 'BadRequest', message: text }))
  const headers = { ...more, 'Content-Type': 'application/json', 'Content-Length': String(body.length) }
  return { status, headers, body }
}
