import { createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto'
import type { Awaitable, SigningCurve } from '../../engine.ts'
import { CURVES, compress, compressedSpki, looksCompressed, notAPoint, SIGNING_HASH } from '../curves.ts'
import { isStrictDerSignature } from '../der-signature.ts'
import { readEcPublicKey } from '../ec-key.ts'
import { plain } from './bytes.ts'
import { derOf } from './key-object.ts'
import { type KeyPair, p256KeyPair, p384KeyPair } from './signing-keys.ts'
import type { SyncSigner, SyncSigningKey, SyncVerifier } from './sync-engine.ts'

const KEY_PAIRS: Readonly<Record<SigningCurve, () => Awaitable<KeyPair>>> = { p256: p256KeyPair, p384: p384KeyPair }

export function generateSigningKey(curve: SigningCurve): Awaitable<SyncSigningKey> {
  const pair = KEY_PAIRS[curve]()
  return pair instanceof Promise ? pair.then((made) => signingKey(curve, made)) : signingKey(curve, pair)
}

function signingKey(curve: SigningCurve, pair: KeyPair): SyncSigningKey {
  return {
    curve,
    publicKey: publicPoint(curve, pair.publicKey),
    signer: () => signer(curve, pair.privateKey),
  }
}

function publicPoint(curve: SigningCurve, key: KeyObject): Uint8Array {
  return compress(curve, readEcPublicKey(curve, derOf('public', key)))
}

function signer(curve: SigningCurve, key: KeyObject): SyncSigner {
  const sign = createSign(SIGNING_HASH[curve])
  return {
    update: (bytes) => void sign.update(bytes),
    sign: () => plain(sign.sign({ key, dsaEncoding: 'der' })),
  }
}

/** Throws a TypeError where the bytes are not a compressed point of the curve. */
export function verifier(curve: SigningCurve, publicKey: Uint8Array): SyncVerifier {
  const key = importCompressed(curve, publicKey)
  const verify = createVerify(SIGNING_HASH[curve])
  return {
    update: (bytes) => void verify.update(bytes),
    verify: (signature) =>
      isStrictDerSignature(curve, signature) && verify.verify({ key, dsaEncoding: 'der' }, signature),
  }
}

/**
 * The points imported last, by their bytes. To import one takes a third of the time of verifying with it, and who caches
 * data keys signs many messages with one key pair.
 */
const imported = new Map<string, KeyObject>()
const MOST_IMPORTED = 64

function importCompressed(curve: SigningCurve, publicKey: Uint8Array): KeyObject {
  // Read once: memory that is shared may change.
  const point = Buffer.from(publicKey)
  const name = point.toString('latin1')
  const known = imported.get(name)
  if (known !== undefined && looksCompressed(curve, point)) return known
  const key = importAnew(curve, point)
  const [oldest] = imported.keys()
  if (imported.size >= MOST_IMPORTED && oldest !== undefined) imported.delete(oldest)
  imported.set(name, key)
  return key
}

function importAnew(curve: SigningCurve, point: Uint8Array): KeyObject {
  if (!looksCompressed(curve, point)) throw notAPoint(curve)
  try {
    return createPublicKey({ key: Buffer.from(compressedSpki(curve, point)), format: 'der', type: 'spki' })
  } catch {
    throw new TypeError(`the public key is not on ${CURVES[curve].name}`)
  }
}
