import { fileURLToPath } from 'node:url'
import { asUsage, usage } from '../failure.ts'
import type { Io } from '../io.ts'
import { passphraseOf } from '../jobs/kms/passphrase.ts'
import { askSecret } from '../terminal/ask-secret.ts'
import { decodePart, type KeyUri } from './parse.ts'

/** The parameters of a `token-file:` URI that say where its passphrase is. */
export const PASSPHRASE_PARAMETERS: readonly string[] = ['passphrase-file', 'passphrase-source']

type Passphrase = () => Promise<Uint8Array>

/**
 * The passphrase of a token file, from where its URI says: `passphrase-file=FILE`, or `passphrase-source=` with `file:FILE`,
 * `env:NAME` or `prompt`. `undefined` where it says nothing. The answers are the caller's, who zeroes them. At the terminal
 * it is asked for once in a command, and twice for a file that `isNew`.
 */
export function tokenPassphrase(uri: KeyUri, io: Io, isNew = false): Passphrase | undefined {
  const [file, source] = PASSPHRASE_PARAMETERS.map((name) => uri.parameters.get(name))
  if (file !== undefined && source !== undefined) {
    throw usage(`${uri.scheme}: give passphrase-file or passphrase-source, not both`)
  }
  if (file !== undefined) return fromFile(file, io)
  if (source === undefined) return undefined
  if (source === 'prompt') return fromPrompt(decodePart(uri.text, uri.path), io, isNew)
  const [, kind, rest = ''] = /^(file|env):(.+)$/s.exec(source) ?? []
  if (kind === 'file') return fromFile(rest.startsWith('//') ? asUsage(() => fileURLToPath(source)) : rest, io)
  if (kind === 'env') return fromVariable(rest, io)
  throw usage(`${uri.scheme}: passphrase-source must be file:FILE, env:NAME or prompt, got ${source}`)
}

const fromFile =
  (path: string, io: Io): Passphrase =>
  async () =>
    (await passphraseOf(path, io)) ?? new Uint8Array(0)

function fromVariable(name: string, io: Io): Passphrase {
  const value = io.env[name]
  if (value === undefined || value === '') throw usage(`token-file: the variable ${name} holds no passphrase`)
  return async () => new TextEncoder().encode(value)
}

function fromPrompt(file: string, io: Io, isNew: boolean): Passphrase {
  const ask = async (): Promise<Uint8Array> => {
    const otherwise = 'give passphrase-source=file:FILE or passphrase-source=env:NAME'
    const typed = await askSecret(io, `${isNew ? 'new ' : ''}passphrase of ${file}`, otherwise)
    if (isNew && (await askSecret(io, `new passphrase of ${file}, again`, otherwise)) !== typed) {
      throw usage('the passphrases differ; no token was made')
    }
    return new TextEncoder().encode(typed)
  }
  let answer: Promise<Uint8Array> | null = null
  return async () => {
    answer ??= ask()
    return (await answer).slice()
  }
}
