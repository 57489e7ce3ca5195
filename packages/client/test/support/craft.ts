import {
  createCipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { type AlgorithmSuite, suiteById } from '@bongtu/message-format'
import type { Keyring } from '../../src/index.ts'
import { concat, numbered, offsetView } from './bytes.ts'

/** What a message is made of that no well-behaved writer would make, or that another implementation makes. */
export interface Craft {
  readonly suite: number
  readonly plaintext: Uint8Array
  /** 0 for a non-framed body. Default 16. */
  readonly frameLength?: number
  readonly context?: Readonly<Record<string, string>>
  readonly requiredContext?: Readonly<Record<string, string>>
  /** Ends a plaintext that divides evenly in an empty final frame, as some implementations do. */
  readonly emptyFinalFrame?: boolean
  /** With the two defects of the AWS Encryption SDK for .NET 4.0.0. */
  readonly net400?: boolean
  /** Alters the header before it is authenticated, so that only the parser can refuse it. */
  readonly alterHeader?: (body: Uint8Array) => Uint8Array
  /** Makes the signature; the default signs properly. */
  readonly sign?: (signed: Uint8Array, key: KeyObject) => Uint8Array
}

export interface Crafted {
  readonly message: Uint8Array
  /** Opens its data key. */
  readonly keyring: Keyring
  readonly dataKey: Uint8Array
}

const utf8 = new TextEncoder()
const FINAL = 0xffffffff

/** Writes a message from the specification, with node:crypto and without the code under test. */
export function craft(wanted: Craft): Crafted {
  const suite = suiteById(wanted.suite)
  const { frameLength = 16, plaintext } = wanted
  const dataKey = numbered(suite.dataKeyLength, 77)
  const messageId = numbered(suite.messageVersion === 1 ? 16 : 32, 99)
  const pair = suite.signature === null ? null : signingPair(suite.signature.curve)
  const context = { ...wanted.context, ...(pair === null ? {} : { 'aws-crypto-public-key': pair.publicText }) }
  const { contentKey, commitment } = derive(suite, dataKey, messageId, wanted.net400 === true)
  const plainBody = headerBody(suite, messageId, context, frameLength, commitment)
  const body = wanted.alterHeader?.(plainBody) ?? plainBody
  const tail = encodeContext(wanted.requiredContext ?? {})
  const covered = concat([body, wanted.net400 === true && tail.length === 0 ? uint(0, 2) : tail])
  const zeroIv = new Uint8Array(12)
  const tag = seal(contentKey, zeroIv, new Uint8Array(0), covered)
  const signed = concat([
    body,
    ...(suite.messageVersion === 1 ? [zeroIv] : []),
    tag,
    ...(frameLength === 0
      ? nonFramed(contentKey, messageId, plaintext)
      : frames(contentKey, messageId, plaintext, frameLength, wanted.emptyFinalFrame === true)),
  ])
  const signature = pair === null ? null : (wanted.sign ?? properly)(signed, pair.privateKey)
  const footer = signature === null ? [] : [uint(signature.length, 2), signature]
  return { message: offsetView(concat([signed, ...footer])), keyring: keyringOf(dataKey), dataKey }
}

export const uint = (value: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256)

export function encodeContext(context: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(context).map(([key, value]) => [Buffer.from(key), Buffer.from(value)] as const)
  if (pairs.length === 0) return new Uint8Array(0)
  pairs.sort(([a], [b]) => Buffer.compare(a, b))
  return concat([uint(pairs.length, 2), ...pairs.flatMap(([key, value]) => [...field(key), ...field(value)])])
}

export const field = (bytes: Uint8Array): [Uint8Array, Uint8Array] => [uint(bytes.length, 2), bytes]

/** The two integers of a signature in DER. */
export function derSignature(r: bigint, s: bigint): Uint8Array {
  const integer = (value: bigint): Uint8Array => {
    const digits = value.toString(16)
    const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')
    const content = (bytes[0] ?? 0) >= 0x80 ? concat([uint(0, 1), bytes]) : bytes
    return concat([uint(2, 1), uint(content.length, 1), content])
  }
  const content = concat([integer(r), integer(s)])
  return concat([uint(0x30, 1), uint(content.length, 1), content])
}

export const properly = (signed: Uint8Array, key: KeyObject): Uint8Array =>
  createSign(hashOf(key)).update(signed).sign({ key, dsaEncoding: 'der' })

export const hashOf = (key: KeyObject): 'sha256' | 'sha384' =>
  key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'sha384' : 'sha256'

function signingPair(curve: 'p256' | 'p384'): { readonly privateKey: KeyObject; readonly publicText: string } {
  const { privateKey: pem } = generateKeyPairSync('ec', {
    namedCurve: curve === 'p384' ? 'P-384' : 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  // Read anew: to ask a key that was generated here for its JWK may stop Node for ever.
  const privateKey = createPrivateKey(pem)
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1
  const point = Buffer.concat([uint(2 + odd, 1), Buffer.from(x, 'base64url')])
  return { privateKey, publicText: point.toString('base64') }
}

function derive(
  suite: AlgorithmSuite,
  dataKey: Uint8Array,
  messageId: Uint8Array,
  net400: boolean,
): { readonly contentKey: Uint8Array; readonly commitment: Uint8Array } {
  const none = new Uint8Array(0)
  const id = uint(suite.id, 2)
  const { kdf, dataKeyLength } = suite
  if (kdf === null) return { contentKey: dataKey, commitment: none }
  const expand = (salt: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
    new Uint8Array(hkdfSync(kdf, dataKey, salt, info, length))
  if (!suite.committing) {
    const salt = new Uint8Array(createHmac(kdf, '').digest().length)
    return { contentKey: expand(salt, net400 ? id : concat([id, messageId]), dataKeyLength), commitment: none }
  }
  return {
    contentKey: expand(messageId, concat([id, utf8.encode('DERIVEKEY')]), dataKeyLength),
    commitment: expand(messageId, utf8.encode('COMMITKEY'), 32),
  }
}

function headerBody(
  suite: AlgorithmSuite,
  messageId: Uint8Array,
  context: Readonly<Record<string, string>>,
  frameLength: number,
  commitment: Uint8Array,
): Uint8Array {
  const contentType = uint(frameLength === 0 ? 1 : 2, 1)
  const key = ['crafted', 'key', 'wrapped'].flatMap((text) => field(utf8.encode(text)))
  const shared = [messageId, ...field(encodeContext(context)), uint(1, 2), ...key, contentType]
  return suite.messageVersion === 1
    ? concat([uint(0x0180, 2), uint(suite.id, 2), ...shared, uint(0, 4), uint(12, 1), uint(frameLength, 4)])
    : concat([uint(2, 1), uint(suite.id, 2), ...shared, uint(frameLength, 4), commitment])
}

function seal(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const name = `aes-${key.length * 8}-gcm` as 'aes-256-gcm'
  const cipher = createCipheriv(name, key, iv).setAAD(aad)
  return concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

const aad = (messageId: Uint8Array, label: string, sequence: number, length: number): Uint8Array =>
  concat([messageId, utf8.encode(`AWSKMSEncryptionClient ${label}`), uint(sequence, 4), uint(length, 8)])

function frames(
  key: Uint8Array,
  messageId: Uint8Array,
  plaintext: Uint8Array,
  frameLength: number,
  emptyFinalFrame: boolean,
): Uint8Array[] {
  const whole = Math.floor(plaintext.length / frameLength)
  const even = plaintext.length % frameLength === 0
  const regular = even && whole > 0 && !emptyFinalFrame ? whole - 1 : whole
  return Array.from({ length: regular + 1 }, (_, index) => {
    const final = index === regular
    const content = plaintext.subarray(index * frameLength, final ? undefined : (index + 1) * frameLength)
    const number = uint(index + 1, 4)
    const iv = uint(index + 1, 12)
    const label = final ? 'Final Frame' : 'Frame'
    const sealed = seal(key, iv, content, aad(messageId, label, index + 1, content.length))
    return final ? concat([uint(FINAL, 4), number, iv, uint(content.length, 4), sealed]) : concat([number, iv, sealed])
  })
}

function nonFramed(key: Uint8Array, messageId: Uint8Array, plaintext: Uint8Array): Uint8Array[] {
  const iv = numbered(12, 5)
  const sealed = seal(key, iv, plaintext, aad(messageId, 'Single Block', 1, plaintext.length))
  return [iv, uint(plaintext.length, 8), sealed]
}

function keyringOf(dataKey: Uint8Array): Keyring {
  return {
    name: 'crafted',
    wrapDataKey: () => Promise.reject(new Error('it only opens')),
    async unwrapDataKey({ encryptedDataKeys: [encryptedDataKey] }) {
      return encryptedDataKey === undefined ? null : { dataKey: dataKey.slice(), encryptedDataKey }
    },
  }
}
