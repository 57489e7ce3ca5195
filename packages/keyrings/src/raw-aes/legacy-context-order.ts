import type { EncryptionContext } from '@bongtu/message-format'

/** The writer's locale is not in the message: that of this process is tried, and the one of most servers. */
const LOCALES: readonly (string | undefined)[] = [undefined, 'en-US']

/**
 * The context in the bytes that the AWS Encryption SDK for JavaScript authenticates with `utf8Sorting: false`, its
 * default: pairs in the order of `localeCompare` instead of the order of the keys' bytes.
 */
export function legacyContextEncodings(context: EncryptionContext): Uint8Array[] {
  const pairs = Object.entries(context)
  const orders = LOCALES.map((locale) => pairs.toSorted(([a], [b]) => a.localeCompare(b, locale)))
  const distinct = new Map(orders.map((order) => [JSON.stringify(order.map(([key]) => key)), order]))
  return [...distinct.values()].map(encodeInOrder)
}

function encodeInOrder(pairs: readonly (readonly [string, string])[]): Uint8Array {
  if (pairs.length === 0) return new Uint8Array(0)
  const encoder = new TextEncoder()
  const fields = pairs.flat().map((text) => encoder.encode(text))
  const bytes = new Uint8Array(2 + fields.reduce((sum, field) => sum + 2 + field.length, 0))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, pairs.length)
  let at = 2
  for (const field of fields) {
    view.setUint16(at, field.length)
    bytes.set(field, at + 2)
    at += 2 + field.length
  }
  return bytes
}
