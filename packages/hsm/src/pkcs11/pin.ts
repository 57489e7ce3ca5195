import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { TokenError } from '../token-error.ts'

/** Where the PIN is: in a file, in an environment variable, or with whoever is asked. Never in a URI or an argument. */
export type PinSource =
  | { readonly file: string }
  | { readonly env: string }
  | ((token: string) => string | Promise<string>)

const MAX_LENGTH = 1024

/**
 * Reads the PIN, at every login anew: it is not kept. One line end behind it is not part of it. `token` names the token,
 * for prompts. Fails with `noPin` where there is none.
 */
export async function readPin(source: PinSource, token: string): Promise<string> {
  const { text, from } = await read(source, token)
  const pin = text.replace(/\r?\n$/, '')
  if (pin === '') throw new TokenError('noPin', `${from} holds no PIN for ${token}`)
  if (pin.length > MAX_LENGTH) throw new TokenError('noPin', `${from} is longer than any PIN`)
  return pin
}

async function read(source: PinSource, token: string): Promise<{ readonly text: string; readonly from: string }> {
  if (typeof source === 'function') return { text: await source(token), from: 'the answer' }
  if ('env' in source) return { text: process.env[source.env] ?? '', from: `the variable ${source.env}` }
  return { text: await readStart(source.file), from: source.file }
}

async function readStart(path: string): Promise<string> {
  const bytes = new Uint8Array(4 * MAX_LENGTH + 3)
  try {
    await using file = await open(path, 'r')
    let length = 0
    // A pipe gives what was written so far; half a PIN would cost a try, and so would what is no text.
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, null)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read'
    throw new TokenError('noPin', `the PIN file ${path}: ${why}`, { cause })
  } finally {
    bytes.fill(0)
  }
}

/**
 * The `pin-source` of a PKCS#11 URI: `file:` with a path or a file URL, or `env:` with a variable's name. Throws a TypeError
 * for any other, a command after `|` among them, which RFC 7512 permits: a URI must never run a program.
 */
export function pinSourceOf(text: string): PinSource {
  const env = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1]
  if (env !== undefined) return { env }
  const path = /^file:(.+)$/s.exec(text)?.[1]
  if (path === undefined) throw new TypeError('pin-source is file:PATH or env:NAME')
  return { file: path.startsWith('//') ? fileURLToPath(`file:${path}`) : path }
}
