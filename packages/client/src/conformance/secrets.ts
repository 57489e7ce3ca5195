/** Every string and every byte array that can be reached from a value without running any of its code. */
function* reachable(value: unknown, seen: Set<unknown> = new Set()): Generator<string | Uint8Array> {
  if (typeof value === 'string') yield value
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  if (ArrayBuffer.isView(value)) {
    yield new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return
  }
  if (value instanceof ArrayBuffer) yield new Uint8Array(value)
  if (value instanceof Map || value instanceof Set) yield* reachable([...value], seen)
  for (const name of Reflect.ownKeys(value)) {
    const { value: member } = Object.getOwnPropertyDescriptor(value, name) ?? {}
    yield* reachable(member, seen)
  }
}

/** Whether the bytes can be reached from the value: as they are, or in text as hexadecimal, Base64 or decimal numbers. */
export function holdsBytes(value: unknown, secret: Uint8Array): boolean {
  return [...reachable(value), asText(value)].some((found) =>
    typeof found === 'string' ? textHoldsBytes(found, secret) : bytesHold(found, secret),
  )
}

/** Whether the text can be reached from the value. */
export function holdsText(value: unknown, secret: string): boolean {
  return [...reachable(value), asText(value)].some((found) => typeof found === 'string' && found.includes(secret))
}

/** How the value shows itself in a log. */
function asText(value: unknown): string {
  try {
    return `${String(value)} ${JSON.stringify(value)}`
  } catch {
    return ''
  }
}

function textHoldsBytes(text: string, secret: Uint8Array): boolean {
  const hex = Array.from(secret, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const base64 = btoa(String.fromCharCode(...secret)).replace(/=+$/, '')
  const base64url = base64.replaceAll('+', '-').replaceAll('/', '_')
  return (
    text.toLowerCase().includes(hex) ||
    [base64, base64url, secret.join(','), secret.join(', ')].some((form) => text.includes(form))
  )
}

function bytesHold(bytes: Uint8Array, secret: Uint8Array): boolean {
  for (let from = bytes.indexOf(secret[0] ?? 0); from !== -1; from = bytes.indexOf(secret[0] ?? 0, from + 1)) {
    if (secret.every((byte, at) => byte === bytes[from + at])) return true
  }
  return false
}
