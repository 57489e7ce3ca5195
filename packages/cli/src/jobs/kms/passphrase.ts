import type { Io } from '../../io.ts'
import { readPrivateKeyFile } from '../../key-uri/key-file.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** The passphrase in a file, or `undefined` without a file. The end of its last line does not belong to it. */
export async function passphraseOf(path: string | undefined, io: Io): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined
  const bytes = await readPrivateKeyFile(path, io)
  let end = bytes.length
  if (bytes[end - 1] === LINE_FEED) end--
  if (bytes[end - 1] === CARRIAGE_RETURN) end--
  return bytes.subarray(0, end)
}
