import type { Awaitable, Verifier } from '@bongtu/crypto'
import {
  authenticationFailed,
  BongtuError,
  type DecodedHeader,
  type DecodedPart,
  type EncryptedDataKey,
  type EncryptionContext,
  type Header,
  MessageDecoder,
} from '@bongtu/message-format'
import { andThen } from './awaitable.ts'
import type { CheckedDecryptOptions } from './decrypt-options.ts'
import { type DecryptionKeys, decryptionKeys } from './decryption-keys.ts'
import { type BodyPart, openPart, type Place, plaintextLengthOfPart, recordsOf } from './frame-opener.ts'
import { publicKeyVerifier } from './public-key.ts'

/** What is known, and authentic, once the header verified. */
export interface OpenedMessage {
  readonly header: Header
  /** The header's context and the required pairs beside it. */
  readonly encryptionContext: EncryptionContext
  /** The encrypted data key that was opened. */
  readonly encryptedDataKey: EncryptedDataKey
  /** Whether its data key was taken from the cache. */
  readonly dataKeyCached: boolean
}

/** The keys of an opened message, and the signature check of a signed one. */
interface Opening {
  readonly messageId: Uint8Array
  readonly keys: DecryptionKeys
  readonly verifier: Verifier | null
}

/**
 * The push core of decryption. `push` gives it bytes, `next` hands out what may be released, until `end` says whether
 * the message was whole. One-shot calls and every kind of stream drive this and nothing else.
 */
export class MessageReader {
  readonly #options: CheckedDecryptOptions
  readonly #decoder: MessageDecoder
  readonly #onOpened: (message: OpenedMessage) => void
  #opening: Opening | undefined
  /** What a signed message withholds until its signature verified (decrypt.md): its final frame or non-framed body. */
  #withheld: Uint8Array<ArrayBuffer> | undefined
  #plaintextLength = 0
  #destroyed = false

  constructor(options: CheckedDecryptOptions, onOpened: (message: OpenedMessage) => void) {
    this.#options = options
    this.#decoder = new MessageDecoder(options.limits)
    this.#onOpened = onOpened
  }

  /** Takes a chunk, which must stay as it is until `next` answered `null`. */
  push(chunk: Uint8Array): void {
    this.#decoder.push(chunk)
  }

  /** The next plaintext that may be released; `null` where more input is needed. */
  next(place: Place): Awaitable<Uint8Array<ArrayBuffer> | null> {
    for (;;) {
      const part = this.#decoder.next()
      if (part === null) return null
      const released = this.#take(part, place)
      if (released instanceof Promise) {
        return released.then((plaintext) => (plaintext === null ? this.next(place) : plaintext))
      }
      if (released !== null) return released
    }
  }

  /** Throws ERR_TRUNCATED unless the message is whole. */
  end(): void {
    this.#decoder.end()
  }

  /** Forgets what it withholds; nothing may be called afterwards. */
  destroy(): void {
    this.#destroyed = true
    this.#withheld?.fill(0)
    this.#withheld = undefined
    this.#opening = undefined
  }

  #take(part: DecodedPart, place: Place): Awaitable<Uint8Array<ArrayBuffer> | null> {
    if (part.type === 'header') return this.#open(part.decoded)
    const opening = this.#opening
    if (opening === undefined) throw new Error('internal error: a body before its header')
    if (part.type === 'footer') return this.#verify(opening, part.signature)
    return this.#openBody(opening, part, place)
  }

  async #open(decoded: DecodedHeader): Promise<null> {
    const { header } = decoded
    if (header.suite.signature !== null && this.#options.unverified === 'refuse') {
      throw new BongtuError(
        'ERR_POLICY',
        "the message is signed, and its plaintext would be released before its signature is verified; pass unverified: 'release' or decrypt it whole",
      )
    }
    const keys = await decryptionKeys(this.#options, decoded)
    const verifier = await publicKeyVerifier(this.#options.engine, header)
    if (this.#destroyed) throw new Error('the message was given up while its data key was asked for')
    verifier?.update(decoded.bytes)
    verifier?.update(decoded.authenticationBytes)
    this.#opening = { messageId: header.messageId, keys, verifier }
    const { encryptionContext, encryptedDataKey, dataKeyCached } = keys
    this.#onOpened({ header, encryptionContext, encryptedDataKey, dataKeyCached })
    return null
  }

  #openBody(
    { keys, messageId, verifier }: Opening,
    part: BodyPart,
    place: Place,
  ): Awaitable<Uint8Array<ArrayBuffer> | null> {
    this.#plaintextLength += plaintextLengthOfPart(part)
    if (this.#plaintextLength > this.#options.maxPlaintextLength) {
      throw new BongtuError(
        'ERR_LIMIT',
        `the plaintext is longer than maxPlaintextLength, ${this.#options.maxPlaintextLength} bytes`,
      )
    }
    verifier?.update(recordsOf(part))
    return andThen(openPart(keys.aead, messageId, part, place), (plaintext) => {
      if (verifier === null || part.type === 'frames') return nothingIfEmpty(plaintext)
      this.#withheld = plaintext
      return null
    })
  }

  #verify({ verifier }: Opening, signature: Uint8Array): Awaitable<Uint8Array<ArrayBuffer> | null> {
    if (verifier === null) throw new Error('internal error: a footer behind an unsigned message')
    return andThen(verifier.verify(signature), (genuine) => {
      if (!genuine) {
        this.destroy()
        throw authenticationFailed()
      }
      const plaintext = this.#withheld ?? null
      this.#withheld = undefined
      return plaintext === null ? null : nothingIfEmpty(plaintext)
    })
  }
}

const nothingIfEmpty = (plaintext: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null =>
  plaintext.length === 0 ? null : plaintext
