import { IV_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { bitsOfNewKey } from '../key-bits.ts'
import {
  type AesTokenKey,
  checkSealedLength,
  type KeyRef,
  keyText,
  type RsaTokenKey,
  type Token,
  type TokenKey,
} from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { StoredKey } from './contents.ts'
import { createTokenFile, readTokenFile, replaceTokenFile, whileLocked } from './file.ts'
import { type LoadedKey, loadKey, newStoredKey } from './keys.ts'
import { checkedOptions, type EmbeddedTokenOptions } from './options.ts'
import { newSeal, openSeal, type Passphrase, SCRYPT_COST, type Seal } from './seal.ts'

/**
 * A token in a file, for machines without a device. Its keys are in the memory of this process for as long as it is open:
 * it keeps them from whoever gets the file and not the passphrase, and from nobody who can read this process.
 *
 * Nothing is read before it is first used. Failures are `TokenError`s: `noSuchToken`, `unavailable` where it
 * was there before, `unsafeFile`, `wrongPassphrase`, `damagedFile`.
 *
 * @throws TypeError for options that are unknown or of the wrong type; RangeError for a passphrase of less than 8 bytes.
 */
export function embeddedToken(options: EmbeddedTokenOptions): Token {
  const { file, passphrase, forget } = checkedOptions('embeddedToken', options)
  const name = `embedded token ${file}`
  let opened: Promise<readonly LoadedKey[]> | null = null
  let everFound = false
  let closed = false

  const load = async (): Promise<readonly LoadedKey[]> => {
    const { keys } = await openFile(file, passphrase).catch((cause: unknown) => {
      if (!(everFound && cause instanceof TokenError && cause.code === 'noSuchToken')) throw cause
      throw new TokenError('unavailable', `${name} is gone; later calls look for it again`, { cause })
    })
    everFound = true
    return keys.map(loadAndZero)
  }
  const keys = async (): Promise<readonly LoadedKey[]> => {
    if (closed) throw new TokenError('closed', `${name} was closed`)
    opened ??= load().catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  /** Reads the file again where the key is not in what was read: another process may have made it since. */
  const find = async (kind: TokenKey['kind'], ref: KeyRef, signal: AbortSignal | undefined): Promise<LoadedKey> => {
    signal?.throwIfAborted()
    const known = matching(await keys(), kind, ref)
    if (known.length === 0) opened = null
    const [one, ...others] = known.length === 0 ? matching(await keys(), kind, ref) : known
    signal?.throwIfAborted()
    if (one === undefined) throw new TokenError('noSuchKey', `there is no ${kind} key ${keyText(ref)} in the ${name}`)
    if (others.length > 0)
      throw new TokenError('severalSuchKeys', `several ${kind} keys ${keyText(ref)} in the ${name}`)
    return one
  }
  const aes = async (ref: KeyRef, signal: AbortSignal | undefined) => {
    const { use } = await find('aes', ref, signal)
    if ('aes' in use) return use.aes
    throw new TokenError('failed', `the key ${keyText(ref)} is no AES key`)
  }
  const rsa = async (ref: KeyRef, signal: AbortSignal | undefined) => {
    const { use } = await find('rsa', ref, signal)
    if ('rsa' in use) return use
    throw new TokenError('failed', `the key ${keyText(ref)} is no RSA key`)
  }

  const close = async (): Promise<void> => {
    closed = true
    opened = null
    forget()
  }

  return {
    name,
    keys: async (signal) => {
      signal?.throwIfAborted()
      opened = null
      return (await keys()).map(({ described }) => ({ ...described, id: described.id.slice() }))
    },
    aesKey: (ref): AesTokenKey => ({
      seal: async (plaintext, aad, signal) => {
        checkSealedLength(plaintext)
        const key = await aes(ref, signal)
        const iv = nodeEngine.random(IV_LENGTH)
        return { iv, ciphertext: key.seal(iv, plaintext, aad) }
      },
      open: async ({ iv, ciphertext }, aad, signal) => {
        const key = await aes(ref, signal)
        return iv.length === IV_LENGTH ? key.open(iv, ciphertext, aad) : null
      },
      proof: async (signal) => {
        await aes(ref, signal)
        return 'that of this process'
      },
    }),
    rsaKey: (ref): RsaTokenKey => ({
      publicKey: async (signal) => (await rsa(ref, signal)).publicKey,
      modulusLength: async (signal) => (await rsa(ref, signal)).rsa.modulusLength,
      decrypt: async (padding, ciphertext, signal) => (await rsa(ref, signal)).rsa.decrypt(padding, ciphertext),
    }),
    generateKey: async (key, signal) => {
      const bits = bitsOfNewKey(key)
      signal?.throwIfAborted()
      if (closed) throw new TokenError('closed', `${name} was closed`)
      return whileLocked(file, async (place) => {
        const { keys: stored, seal } = await openFile(place, passphrase)
        try {
          if (stored.some(({ kind, label }) => kind === key.kind && label === key.label)) {
            const what = `an ${key.kind} key labelled ${JSON.stringify(key.label)}`
            throw new TokenError('keyExists', `there is ${what} already`)
          }
          const fresh = await newStoredKey(key, bits)
          await replaceTokenFile(place, seal.seal([...stored, fresh]))
          opened = null
          return loadAndZero(fresh).described
        } finally {
          for (const { value } of stored) value.fill(0)
        }
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Makes the file of an embedded token, with no keys in it. Throws as `embeddedToken` does, and `tokenExists`. */
export async function createEmbeddedToken(options: EmbeddedTokenOptions): Promise<void> {
  const { file, passphrase, forget } = checkedOptions('createEmbeddedToken', options)
  const seal = await newSeal(passphrase, SCRYPT_COST).finally(forget)
  await createTokenFile(file, seal.seal([]))
}

async function openFile(
  file: string,
  passphrase: Passphrase | undefined,
): Promise<{ readonly keys: StoredKey[]; readonly seal: Seal }> {
  const bytes = await readTokenFile(file)
  try {
    return await openSeal(file, bytes, passphrase)
  } finally {
    bytes.fill(0)
  }
}

function loadAndZero(key: StoredKey): LoadedKey {
  try {
    return loadKey(key)
  } finally {
    key.value.fill(0)
  }
}

const matching = (keys: readonly LoadedKey[], kind: TokenKey['kind'], { label, id }: KeyRef): readonly LoadedKey[] =>
  keys.filter(
    ({ described }) =>
      described.kind === kind &&
      (label === undefined || described.label === label) &&
      (id === undefined || Buffer.compare(described.id, id) === 0),
  )
