import { onTestFinished } from 'vitest'
import type { LocalKms } from '../../src/local-kms.ts'
import { testKms } from '../../src/testing.ts'
import type { WireResponse } from '../../src/wire/message.ts'

export const encode = (value: unknown): Uint8Array => {
  const bytes = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const padded = new Uint8Array(bytes.length + 6)
  padded.set(bytes, 3)
  return padded.subarray(3, 3 + bytes.length)
}

export const decode = (response: WireResponse): Record<string, unknown> =>
  response.body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(response.body))

/** Calls an operation with a body of any kind, unsigned. */
export function post(kms: LocalKms, operation: string, body: unknown, headers = {}): Promise<WireResponse> {
  return kms.entry({
    method: 'POST',
    url: '/',
    headers: { 'x-amz-target': `TrentService.${operation}`, ...headers },
    body: encode(body),
  })
}

export async function freshKms(): Promise<LocalKms> {
  const kms = await testKms()
  onTestFinished(() => kms.close())
  return kms
}
