import { type AlgorithmSuite, suiteById } from '@bongtu/message-format'
import type { VectorKeys } from '../vector.ts'
import { concat, NOTHING, seeded, uint, utf8 } from './bytes.ts'
import { messageKeys, publicKeyText, seal, sign, wrapDataKey } from './crypto.ts'
import { boundariesOf, type Edit, joined, type Part, part } from './parts.ts'

type Context = Readonly<Record<string, string>>

/** What is to be written. It is written from the specification, with none of the code that reads it. */
export interface Writing {
  /** Makes every byte that is random in real messages. */
  readonly seed: string
  readonly suite: number
  /** Default: 40 bytes, which take two full frames and half of a third. */
  readonly plaintext?: Uint8Array
  /** Bytes; 0 for a body without frames. Default 16. */
  readonly frameLength?: number
  readonly context?: Context
  readonly requiredContext?: Context
  /** The header's context in another form than the canonical one. */
  readonly contextBytes?: Uint8Array
  /** Wrapping keys in the order of the header. Default `aes-256`. */
  readonly keys?: readonly string[]
  readonly headerIv?: Uint8Array
  /** Any initialisation vectors in the body instead of the sequence numbers. */
  readonly freeBodyIvs?: boolean
  /** Ends a plaintext that divides evenly in an empty final frame. */
  readonly emptyFinalFrame?: boolean
  /** With the two defects of the AWS Encryption SDK for .NET 4.0.0. */
  readonly net400?: boolean
  /** Leaves the public key of a signed suite out, or puts one beside an unsigned suite. */
  readonly publicKey?: boolean
  readonly signatureLength?: (length: number) => boolean
  /** Changes the encrypted data keys after they were wrapped. */
  readonly editKeys?: Edit
  /** Changes the header before its tag is made, so that the tag fits. */
  readonly editHeader?: Edit
  /** Changes the tag and the body before they are signed, so that the signature fits. */
  readonly editBody?: Edit
  /** Changes the whole at last. */
  readonly edit?: Edit
}

export interface Written {
  readonly message: Uint8Array
  readonly boundaries: readonly number[]
  readonly plaintext: Uint8Array
  /** The header's pairs and the required ones. */
  readonly context: Context
}

const FINAL = 0xffffffff
const ZERO_IV = new Uint8Array(12)

export const defaultPlaintext: Uint8Array = utf8('Forty bytes: two frames, half of a third')

export function write(writing: Writing, keys: VectorKeys): Written {
  const { seed, plaintext = defaultPlaintext } = writing
  const suite = suiteById(writing.suite)
  const dataKey = seeded(`${seed} data key`, suite.dataKeyLength)
  const messageId = seeded(`${seed} message id`, suite.messageVersion === 1 ? 16 : 32)
  const stored = { ...writing.context, ...publicKeyPair(writing, suite, keys) }
  const context = { ...stored, ...writing.requiredContext }
  const { contentKey, commitment } = messageKeys(suite, dataKey, messageId, writing.net400 === true)
  const wrapped = wrappedParts(writing, dataKey, encodeContext(context), keys)
  const body = (writing.editHeader ?? same)(headerParts(writing, suite, messageId, stored, wrapped, commitment))
  const headerIv = writing.headerIv ?? ZERO_IV
  const { tag } = seal(contentKey, headerIv, NOTHING, concat([joined(body), coveredTail(writing)]))
  const authentication = [...(suite.messageVersion === 1 ? [part('header iv', headerIv)] : []), part('header tag', tag)]
  const unsigned = [
    ...body,
    ...(writing.editBody ?? same)([...authentication, ...bodyParts(writing, contentKey, messageId)]),
  ]
  const parts = (writing.edit ?? same)([...unsigned, ...footerParts(writing, suite, joined(unsigned), keys)])
  return { message: joined(parts), boundaries: boundariesOf(parts), plaintext, context }
}

const same: Edit = (parts) => parts

function publicKeyPair({ publicKey }: Writing, suite: AlgorithmSuite, { signing }: VectorKeys): Context {
  if (!(publicKey ?? suite.signature !== null)) return {}
  return { 'aws-crypto-public-key': publicKeyText(signing[suite.signature?.curve ?? 'p384']) }
}

/** encrypt.md: the required context, which is nothing where it is empty; .NET 4.0.0 covered a zero count there. */
function coveredTail({ requiredContext = {}, net400 }: Writing): Uint8Array {
  const tail = encodeContext(requiredContext)
  return net400 === true && tail.length === 0 ? uint(0, 2) : tail
}

/** structures.md, "encryption context" */
export function encodeContext(context: Context): Uint8Array {
  const pairs = Object.entries(context).map(([key, value]) => [utf8(key), utf8(value)] as const)
  return pairs.length === 0 ? NOTHING : encodePairs(pairs.sort(([a], [b]) => Buffer.compare(a, b)))
}

/** Pairs in the order given, which need not be the canonical one. */
export const encodePairs = (pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Uint8Array =>
  concat([uint(pairs.length, 2), ...pairs.flat().flatMap((field) => [uint(field.length, 2), field])])

function wrappedParts(
  writing: Writing,
  dataKey: Uint8Array,
  context: Uint8Array,
  { wrapping }: VectorKeys,
): readonly Part[] {
  const parts = (writing.keys ?? ['aes-256']).flatMap((name, index) => {
    const key = wrapping[name]
    if (key === undefined) throw new Error(`there is no key ${name}`)
    const { keyInfo, ciphertext } = wrapDataKey(key, dataKey, context, `${writing.seed} ${index}`)
    return encryptedDataKeyParts(index + 1, utf8(key.namespace), keyInfo, ciphertext)
  })
  return (writing.editKeys ?? same)(parts)
}

export function encryptedDataKeyParts(
  number: number,
  provider: Uint8Array,
  keyInfo: Uint8Array,
  ciphertext: Uint8Array,
): readonly Part[] {
  const fields = { 'provider id': provider, 'key info': keyInfo, ciphertext }
  return Object.entries(fields).flatMap(([name, bytes]) => [
    part(`key ${number} ${name} length`, uint(bytes.length, 2)),
    part(`key ${number} ${name}`, bytes),
  ])
}

/** message-header.md */
function headerParts(
  { frameLength = 16, contextBytes, keys = ['aes-256'] }: Writing,
  suite: AlgorithmSuite,
  messageId: Uint8Array,
  stored: Context,
  wrapped: readonly Part[],
  commitment: Uint8Array,
): readonly Part[] {
  const v1 = suite.messageVersion === 1
  const context = contextBytes ?? encodeContext(stored)
  return [
    part('version', uint(suite.messageVersion, 1)),
    ...(v1 ? [part('type', uint(0x80, 1))] : []),
    part('suite', uint(suite.id, 2)),
    part('message id', messageId),
    part('context length', uint(context.length, 2)),
    part('context', context),
    part('key count', uint(keys.length, 2)),
    ...wrapped,
    part('content type', uint(frameLength === 0 ? 1 : 2, 1)),
    ...(v1 ? [part('reserved', uint(0, 4)), part('iv length', uint(12, 1))] : []),
    part('frame length', uint(frameLength, 4)),
    ...(v1 ? [] : [part('commitment', commitment)]),
  ]
}

/** message-body.md */
function bodyParts(writing: Writing, key: Uint8Array, messageId: Uint8Array): readonly Part[] {
  const { frameLength = 16, plaintext = defaultPlaintext, emptyFinalFrame = false } = writing
  if (frameLength === 0) return nonFramedParts(writing, key, messageId, plaintext)
  const parts: Part[] = []
  let sequence = 1
  let at = 0
  for (
    ;
    plaintext.length - at > frameLength || (emptyFinalFrame && plaintext.length - at === frameLength);
    sequence++
  ) {
    const content = plaintext.subarray(at, at + frameLength)
    const { iv, ciphertext, tag } = sealed(writing, key, messageId, 'Frame', sequence, content)
    const name = `frame ${sequence}`
    parts.push(part(`${name} sequence`, uint(sequence, 4)), part(`${name} iv`, iv))
    parts.push(part(`${name} content`, ciphertext), part(`${name} tag`, tag))
    at += frameLength
  }
  const content = plaintext.subarray(at)
  const { iv, ciphertext, tag } = sealed(writing, key, messageId, 'Final Frame', sequence, content)
  return [
    ...parts,
    part('final marker', uint(FINAL, 4)),
    part('final sequence', uint(sequence, 4)),
    part('final iv', iv),
    part('final length', uint(content.length, 4)),
    part('final content', ciphertext),
    part('final tag', tag),
  ]
}

function nonFramedParts(
  writing: Writing,
  key: Uint8Array,
  messageId: Uint8Array,
  plaintext: Uint8Array,
): readonly Part[] {
  const { iv, ciphertext, tag } = sealed(writing, key, messageId, 'Single Block', 1, plaintext)
  return [
    part('body iv', iv),
    part('body length', uint(plaintext.length, 8)),
    part('body content', ciphertext),
    part('body tag', tag),
  ]
}

/** message-body-aad.md */
function sealed(
  { seed, freeBodyIvs = false }: Writing,
  key: Uint8Array,
  messageId: Uint8Array,
  kind: 'Frame' | 'Final Frame' | 'Single Block',
  sequence: number,
  content: Uint8Array,
): { readonly iv: Uint8Array; readonly ciphertext: Uint8Array; readonly tag: Uint8Array } {
  const iv = freeBodyIvs ? seeded(`${seed} body iv ${sequence}`, 12) : uint(sequence, 12)
  const label = utf8(`AWSKMSEncryptionClient ${kind}`)
  return { iv, ...seal(key, iv, content, concat([messageId, label, uint(sequence, 4), uint(content.length, 8)])) }
}

/** message-footer.md */
function footerParts(
  { signatureLength }: Writing,
  { signature: signs }: AlgorithmSuite,
  signed: Uint8Array,
  { signing }: VectorKeys,
): readonly Part[] {
  if (signs === null) return []
  const signature = sign(signs.curve, signing[signs.curve], signed, signatureLength)
  return [part('signature length', uint(signature.length, 2)), part('signature', signature)]
}
