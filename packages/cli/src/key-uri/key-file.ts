import { open } from 'node:fs/promises'
import process from 'node:process'
import { refused } from '../failure.ts'
import type { Io } from '../io.ts'
import { warn } from '../terminal/messages.ts'

/** No key file that is read here is longer. */
const MAX_LENGTH = 65_536
const OTHERS = 0o077

/** Reads a key file, or a pipe that a password store writes to. Throws the system's error, or a failure where it is too long. */
export async function readKeyFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return (await read(path)).bytes
}

/** As `readKeyFile`, and warns where others of this machine can read the file too. */
export async function readPrivateKeyFile(path: string, io: Io): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, mode } = await read(path)
  if (mode !== null && (mode & OTHERS) !== 0 && process.platform !== 'win32') {
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    warn(io, `${path} holds a secret and is open to other users (mode ${octal}); run \`chmod 600\` on it`)
  }
  return bytes
}

async function read(path: string): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly mode: number | null }> {
  await using file = await open(path, 'r')
  const stat = await file.stat()
  if (stat.isDirectory()) throw refused(`${path}: it is a folder, and no key file`)
  const buffer = new Uint8Array(MAX_LENGTH + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null)
    if (bytesRead === 0) break
    length += bytesRead
    if (length > MAX_LENGTH) throw refused(`${path}: longer than ${MAX_LENGTH} bytes, so it is no key file`)
  }
  const bytes = buffer.slice(0, length)
  buffer.fill(0)
  return { bytes, mode: stat.isFile() ? stat.mode : null }
}
