import { abandonable } from '../abandonable.ts'
import type { AesTokenKey, KeyRef, RsaTokenKey, Token, TokenKey } from '../token.ts'
import { checkSealedLength, keyText } from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { Connection, Session } from './connection.ts'
import { openInToken, sealInToken } from './gcm.ts'
import { type GcmCapability, probeGcm } from './gcm-probe.ts'
import { keyGenerator } from './generate-key.ts'
import { decryptOaepInToken } from './oaep.ts'
import { allKeys, findKey, type KeyObject } from './objects.ts'
import { publicHalf } from './public-half.ts'
import type { Turns } from './turns.ts'

export interface Pkcs11TokenState {
  readonly connection: Connection
  readonly allowExtractable: boolean
}

const PROOFS: Readonly<Record<GcmCapability['proof'], string>> = {
  'known-answer': 'equal to that of this process under a key that both had',
  'round-trip': 'seen to open its own and to refuse altered ones; the token takes no key to compare with',
}

export function tokenOver({ connection, allowExtractable }: Pkcs11TokenState): Token {
  const { name, use, close } = connection
  let probing: Promise<GcmCapability> | null = null

  /** Found once, and shared by calls that come meanwhile. */
  const capability = (session: Session, key: KeyObject): Promise<GcmCapability> => {
    if (probing !== null) return probing
    const fresh = probeGcm(session, key.handle)
    probing = fresh
    fresh.catch(() => {
      probing = null
    })
    return fresh
  }

  /** The key as an object, looked up once an epoch. */
  const keyOf = (kind: TokenKey['kind'], ref: KeyRef): ((session: Session) => KeyObject) => {
    let found: { readonly key: KeyObject; readonly epoch: number } | null = null
    return (session) => {
      if (found?.epoch === session.epoch) return found.key
      const key = findKey(session, kind, ref)
      if (!allowExtractable) requireKept(key, ref)
      found = { key, epoch: session.epoch }
      return key
    }
  }

  const call = <T>(
    what: string,
    signal: AbortSignal | undefined,
    work: (session: Session) => T | Promise<T>,
    discard?: (answer: T) => void,
    turn?: keyof Turns,
  ): Promise<T> => abandonable(signal, use(what, signal, work, turn), discard)

  const aesKey = (ref: KeyRef): AesTokenKey => {
    const find = keyOf('aes', ref)
    const what = `the AES key ${keyText(ref)}`
    return {
      seal: async (plaintext, aad, signal) => {
        checkSealedLength(plaintext)
        return call(`sealing with ${what}`, signal, async (session) => {
          const key = find(session)
          const { variant } = await capability(session, key)
          return sealInToken(session, key.handle, variant, plaintext, aad)
        })
      },
      open: (sealed, aad, signal) =>
        call(
          `opening with ${what}`,
          signal,
          async (session) => {
            const key = find(session)
            const { variant } = await capability(session, key)
            return openInToken(session, key.handle, variant, sealed, aad)
          },
          zero,
        ),
      proof: (signal) =>
        call(`trying AES-GCM with ${what}`, signal, async (session) => {
          const { variant, proof } = await capability(session, find(session))
          return `${variant.name}, ${PROOFS[proof]}`
        }),
    }
  }

  const rsaKey = (ref: KeyRef): RsaTokenKey => {
    const find = keyOf('rsa', ref)
    const what = `the RSA key ${keyText(ref)}`
    return {
      publicKey: (signal) =>
        call(`reading the public half of ${what}`, signal, (session) => publicHalf(session, find(session))),
      modulusLength: (signal) => call(`reading ${what}`, signal, (session) => find(session).bits / 8),
      decrypt: (padding, ciphertext, signal) =>
        call(
          `decrypting with ${what} and ${padding}`,
          signal,
          (session) => {
            const { handle, bits } = find(session)
            return ciphertext.length === bits / 8 ? decryptOaepInToken(session, handle, padding, ciphertext) : null
          },
          zero,
        ),
    }
  }

  return {
    name,
    keys: (signal) =>
      call('listing keys', signal, (session) => allKeys(session).map(({ handle: _handle, ...key }) => key)),
    aesKey,
    rsaKey,
    generateKey: async (key, signal) => {
      const generate = keyGenerator(key, signal)
      return call(`making the key ${JSON.stringify(key.label)}`, signal, generate, undefined, 'alone')
    },
    close: async () => close(),
    [Symbol.asyncDispose]: async () => close(),
  }
}

/** A key that may leave the token is not what a wrapping key in a token is for. */
function requireKept({ sensitive, extractable }: KeyObject, ref: KeyRef): void {
  if (sensitive && !extractable) return
  throw new TokenError(
    'extractableKey',
    `the key ${keyText(ref)} ${sensitive ? 'is extractable' : 'is not sensitive'}, so it may leave the token; make one ` +
      'with `bongtu hsm keygen`, or allow extractable keys for this token',
  )
}

const zero = (bytes: Uint8Array | null): void => {
  bytes?.fill(0)
}
