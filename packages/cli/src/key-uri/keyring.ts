import type { Keyring } from '@bongtu/client'
import type { AwsFlags } from '../commands/options.ts'
import { asUsage, usage } from '../failure.ts'
import type { Io } from '../io.ts'
import { parseKeyUri } from './parse.ts'
import { type Purpose, schemeForms, schemes } from './schemes.ts'

/** Used where no key is given: messages name their keys, so that any key of the bundled KMS may open them. */
const DEFAULT_KEYS: Readonly<Record<Purpose, string>> = { encrypt: 'local-kms:alias/bongtu', decrypt: 'local-kms:*' }

/**
 * The keyring of all keys that were given, or of the default key. To encrypt, the first generates the data key and all of
 * them wrap it; to decrypt, each is tried in turn. A key that is given twice counts once.
 */
export async function keyringOf(keys: readonly string[], purpose: Purpose, io: Io, flags: AwsFlags): Promise<Keyring> {
  const [first = DEFAULT_KEYS[purpose], ...others] = new Set(keys)
  const generator = await keyringOfOne(first, purpose, io, flags)
  if (others.length === 0) return generator
  const { multi } = await import('@bongtu/keyrings/multi')
  const children = await Promise.all(others.map((key) => keyringOfOne(key, purpose, io, flags)))
  return multi({ generator, children })
}

async function keyringOfOne(text: string, purpose: Purpose, io: Io, flags: AwsFlags): Promise<Keyring> {
  const uri = parseKeyUri(text)
  const scheme = Object.hasOwn(schemes, uri.scheme) ? schemes[uri.scheme] : undefined
  if (scheme === undefined) throw usage(`${text}: there is no kind of key ${uri.scheme}; there are\n${schemeForms()}`)
  const keyring = await scheme.load()
  try {
    return await keyring(uri, purpose, io, flags)
  } catch (error) {
    // The keyrings throw TypeErrors and RangeErrors at construction: here they speak of what the URI says.
    return asUsage(() => {
      if (error instanceof TypeError || error instanceof RangeError) error.message = `${text}: ${error.message}`
      throw error
    })
  }
}
