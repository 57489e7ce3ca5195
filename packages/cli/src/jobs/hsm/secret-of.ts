import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { passphraseOf } from '../kms/passphrase.ts'

/** A PIN from `file:FILE` or `env:NAME`. */
export async function secretOf(source: string, io: Io): Promise<string> {
  const [, kind, rest = ''] = /^(file|env):(.+)$/s.exec(source) ?? []
  if (kind === undefined) throw usage('a PIN comes from file:FILE or env:NAME')
  const secret = kind === 'env' ? io.env[rest] : await fileText(rest, io)
  if (secret === undefined || secret === '') throw usage(`${source}: holds no PIN`)
  return secret
}

async function fileText(path: string, io: Io): Promise<string> {
  const bytes = await passphraseOf(path, io)
  const text = new TextDecoder().decode(bytes)
  bytes?.fill(0)
  return text
}
