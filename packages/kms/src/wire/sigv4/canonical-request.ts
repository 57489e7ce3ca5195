import { sha256Hex } from '@bongtu/crypto/node'
import type { WireRequest } from '../message.ts'

/** The canonical request of Signature Version 4 over the headers that the client says it signed. */
export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?', 2)
  const headerOf = (name: string) => (Object.hasOwn(request.headers, name) ? request.headers[name] : undefined)
  const headers = signedHeaders.map((name) => `${name}:${canonicalValue(headerOf(name))}\n`).join('')
  const names = signedHeaders.join(';')
  return `${request.method}\n${path || '/'}\n${canonicalQuery(query)}\n${headers}\n${names}\n${sha256Hex(request.body)}`
}

function canonicalValue(value: string | undefined): string {
  if (value === undefined) return ''
  const trimmed = value.trim()
  return trimmed.includes('  ') ? trimmed.replace(/ {2,}/g, ' ') : trimmed
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  const pairs = query.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2)
    return [name, value] as const
  })
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
