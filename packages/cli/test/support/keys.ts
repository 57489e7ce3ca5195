import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Writes a key file and answers the key's URI. */
export async function aesKey(folder: string, name = 'key1', byte = 1): Promise<string> {
  const path = join(folder, `${name}.aes`)
  await writeFile(path, Buffer.alloc(32, byte).toString('base64'), { mode: 0o600 })
  return `raw-aes:demo/${name}?key-file=${path}`
}
