import type { Keyring } from '@bongtu/client'
import { asUsage, usage } from '../failure.ts'
import type { Io } from '../io.ts'
import { parseKeyUri } from './parse.ts'
import { type Purpose, schemeForms, schemes } from './schemes.ts'

/**
 * The keyring of all keys that were given. To encrypt, the first generates the data key and all of them wrap it; to
 * decrypt, each is tried in turn. A key that is given twice counts once.
 */
export async function keyringOf(keys: readonly string[], purpose: Purpose, io: Io): Promise<Keyring> {
  const distinct = [...new Set(keys)]
  if (distinct.length === 0) throw noKeyGiven(purpose)
  const keyrings = await Promise.all(distinct.map((key) => keyringOfOne(key, purpose, io)))
  const [first, ...others] = keyrings
  if (first === undefined || others.length === 0) return first ?? Promise.reject(noKeyGiven(purpose))
  const { multi } = await import('@bongtu/keyrings/multi')
  return multi({ generator: first, children: others })
}

async function keyringOfOne(text: string, purpose: Purpose, io: Io): Promise<Keyring> {
  const uri = parseKeyUri(text)
  const scheme = Object.hasOwn(schemes, uri.scheme) ? schemes[uri.scheme] : undefined
  if (scheme === undefined) throw usage(`${text}: there is no kind of key ${uri.scheme}; there are\n${schemeForms()}`)
  const keyring = await scheme.load()
  try {
    return await keyring(uri, purpose, io)
  } catch (error) {
    // The keyrings throw TypeErrors and RangeErrors at construction: here they speak of what the URI says.
    return asUsage(() => {
      if (error instanceof TypeError || error instanceof RangeError) error.message = `${text}: ${error.message}`
      throw error
    })
  }
}

const noKeyGiven = (purpose: Purpose): Error =>
  usage(`give the key to ${purpose} with as -k; it can be\n${schemeForms()}\n\`bongtu keygen\` makes one`)
