import { abandonable } from '../abandonable.ts'
import type { AesTokenKey, KeyRef, RsaTokenKey, Token, TokenKey } from '../token.ts'
import { keyText } from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { Connection, Session } from './connection.ts'
import { openInToken, sealInToken } from './gcm.ts'
import { type GcmCapability, probeGcm } from './gcm-probe.ts'
import { generateKeyInToken } from './generate-key.ts'
import { decryptOaepInToken } from './oaep.ts'
import { allKeys, findKey, type KeyObject } from './objects.ts'
import { publicHalf } from './public-half.ts'

export interface Pkcs11TokenState {
  readonly connection: Connection
  readonly allowExtractable: boolean
}

/** A token with what only PKCS#11 can tell of it. */
export interface Pkcs11Token extends Token {
  /** How it does AES-GCM, found by trying with, at most, this key. */
  gcmCapability(key: KeyRef, signal?: AbortSignal): Promise<GcmCapability>
}

export function tokenOver({ connection, allowExtractable }: Pkcs11TokenState): Pkcs11Token {
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

  return {
    name,
    keys: (signal) =>
      abandonable(
        signal,
        use('listing keys', signal, (session) => allKeys(session).map(({ handle: _handle, ...key }) => key)),
      ),
    aesKey: (ref): AesTokenKey => {
      const key = keyOf('aes', ref)
      const what = `the AES key ${keyText(ref)}`
      return {
        seal: (plaintext, aad, signal) =>
          abandonable(
            signal,
            use(`sealing with ${what}`, signal, async (session) => {
              const { handle } = key(session)
              const { variant } = await capability(session, key(session))
              return sealInToken(session, handle, variant, plaintext, aad)
            }),
          ),
        open: (sealed, aad, signal) =>
          abandonable(
            signal,
            use(`opening with ${what}`, signal, async (session) => {
              const { handle } = key(session)
              const { variant } = await capability(session, key(session))
              return openInToken(session, handle, variant, sealed, aad)
            }),
            zero,
          ),
      }
    },
    rsaKey: (ref): RsaTokenKey => {
      const key = keyOf('rsa', ref)
      const what = `the RSA key ${keyText(ref)}`
      return {
        publicKey: (signal) =>
          abandonable(
            signal,
            use(`reading the public half of ${what}`, signal, (session) => publicHalf(session, key(session))),
          ),
        modulusLength: (signal) =>
          abandonable(
            signal,
            use(`reading ${what}`, signal, (session) => key(session).bits / 8),
          ),
        decrypt: (padding, ciphertext, signal) =>
          abandonable(
            signal,
            use(`decrypting with ${what} and ${padding}`, signal, (session) => {
              const { handle, bits } = key(session)
              if (ciphertext.length !== bits / 8) return null
              return decryptOaepInToken(session, handle, padding, ciphertext)
            }),
            zero,
          ),
      }
    },
    generateKey: (key, signal) =>
      use(`making the key ${JSON.stringify(key.label)}`, signal, (session) => generateKeyInToken(session, key)),
    gcmCapability: (ref, signal) => {
      const key = keyOf('aes', ref)
      return use('trying AES-GCM', signal, (session) => capability(session, key(session)))
    },
    close: async () => close(),
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
