import type { Awaitable, Signer } from '@bongtu/crypto'
import {
  BongtuError,
  encodeFooter,
  encodeHeaderAuthentication,
  encodeHeaderBody,
  type Header,
} from '@bongtu/message-format'
import { andThen } from './awaitable.ts'
import type { CheckedEncryptOptions } from './encrypt-options.ts'
import { type EncryptionKeys, encryptionKeys } from './encryption-keys.ts'
import { type Allocate, FrameSealer } from './frame-sealer.ts'
import { headerTag } from './header-tag.ts'
import { requireLength } from './lent-bytes.ts'

const NOTHING = new Uint8Array(0)

/** What is known once the header is written. */
export interface StartedMessage {
  readonly header: Header
  /** Whether its data key was taken from the cache. */
  readonly dataKeyCached: boolean
}

/** A message that is begun. */
interface Begun {
  readonly writer: MessageWriter
  readonly message: StartedMessage
  /** The header, and its tag as it stands behind it. */
  readonly start: readonly [Uint8Array, Uint8Array]
}

/**
 * The push core of encryption: header, then frames as plaintext comes, then final frame and footer. One-shot calls and
 * every kind of stream drive this and nothing else.
 */
export class MessageWriter {
  readonly #sealer: FrameSealer
  readonly #signer: Signer | undefined
  readonly #charge: ((bytes: number) => void) | undefined
  /** Bytes of plaintext that must come, if they are known. */
  readonly #announced: number | undefined
  #plaintextLength = 0

  private constructor(keys: EncryptionKeys, signer: Signer | undefined, announced: number | undefined) {
    const { messageId, frameLength } = keys.header
    this.#sealer = new FrameSealer(keys.aead, messageId, frameLength)
    this.#signer = signer
    this.#charge = announced === undefined ? keys.charge : undefined
    this.#announced = announced
  }

  /**
   * Asks for a data key and makes the header. `plaintextLength`: bytes, if the caller has the whole plaintext. Throws ERR_LIMIT
   * if the options announce another length.
   */
  static async start(options: CheckedEncryptOptions, plaintextLength?: number): Promise<Begun> {
    const announced = options.plaintextLength ?? plaintextLength
    if (plaintextLength !== undefined && announced !== plaintextLength) throw otherLength(announced, plaintextLength)
    const keys = await encryptionKeys(options, announced)
    const body = encodeHeaderBody(keys.header)
    const tag = await headerTag(keys.aead, body, keys.requiredContext)
    const authentication = encodeHeaderAuthentication(keys.header.version, tag)
    const signer = keys.signingKey?.signer()
    signer?.update(body)
    signer?.update(authentication)
    const writer = new MessageWriter(keys, signer, announced)
    const { header, dataKeyCached } = keys
    return { writer, message: { header, dataKeyCached }, start: [body, authentication] }
  }

  /** Whole frames, as far as it is sure that they are not the last. Throws ERR_LIMIT past `plaintextLength`. */
  push(chunk: Uint8Array, allocate: Allocate): Awaitable<Uint8Array<ArrayBuffer>> {
    const { length } = chunk
    this.#count(length)
    return andThen(this.#sealer.push(chunk, allocate), (frames) => {
      // An engine that works asynchronously reads the chunk after it waited.
      requireLength('the plaintext', chunk, length)
      this.#signer?.update(frames)
      return frames
    })
  }

  /**
   * The final frame, with `last` at its end, and the footer if the suite signs. Throws ERR_LIMIT if less plaintext came than was
   * announced.
   */
  finish(allocate: Allocate, last: Uint8Array = NOTHING): Awaitable<readonly Uint8Array<ArrayBuffer>[]> {
    const { length } = last
    this.#count(length)
    if (this.#announced !== undefined && this.#plaintextLength !== this.#announced) {
      throw otherLength(this.#announced, this.#plaintextLength)
    }
    const signer = this.#signer
    return andThen(this.#sealer.finish(allocate, last), (frame): Awaitable<readonly Uint8Array<ArrayBuffer>[]> => {
      requireLength('the plaintext', last, length)
      if (signer === undefined) return [frame]
      signer.update(frame)
      return andThen(signer.sign(), (signature) => {
        const footer = encodeFooter(signature)
        const target = allocate(footer.length)
        target.set(footer)
        return [frame, target]
      })
    })
  }

  /** Forgets what it holds; nothing may be called afterwards. */
  destroy(): void {
    this.#sealer.destroy()
  }

  #count(bytes: number): void {
    this.#plaintextLength += bytes
    if (this.#announced !== undefined && this.#plaintextLength > this.#announced) {
      throw otherLength(this.#announced, this.#plaintextLength)
    }
    if (bytes > 0) this.#charge?.(bytes)
  }
}

function otherLength(announced: number | undefined, came: number): BongtuError {
  return new BongtuError('ERR_LIMIT', `plaintextLength announces ${announced} bytes of plaintext, got ${came}`)
}
