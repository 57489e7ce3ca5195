import { fileURLToPath } from 'node:url'
import { asUsage, usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { passphraseOf } from '../kms/passphrase.ts'

/** A PIN from `file:FILE` or `env:NAME`. */
export async function secretOf(source: string, io: Io): Promise<string> {
  const [, kind, rest = ''] = /^(file|env):(.+)$/s.exec(source) ?? []
  if (kind === undefined) throw usage('a PIN comes from file:FILE or env:NAME')
  const secret = kind === 'env' ? io.env[rest]?.replace(/\r?\n$/, '') : await fileText(source, rest, io)
  if (secret === undefined || secret === '') throw usage(`${source}: holds no PIN`)
  return secret
}

/** As `pin-source` of a URI is read later: a path or a file URL, and text alone. */
async function fileText(source: string, path: string, io: Io): Promise<string> {
  const bytes = await passphraseOf(path.startsWith('//') ? asUsage(() => fileURLToPath(source)) : path, io)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw usage(`${source}: is not UTF-8, and no PIN that could be read again`)
  } finally {
    bytes?.fill(0)
  }
}
