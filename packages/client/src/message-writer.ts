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
  readonly #limit: number
  #plaintextLength = 0

  private constructor(keys: EncryptionKeys, signer: Signer | undefined, limit: number, lengthKnown: boolean) {
    const { messageId, frameLength } = keys.header
    this.#sealer = new FrameSealer(keys.aead, messageId, frameLength)
    this.#signer = signer
    this.#charge = lengthKnown ? undefined : keys.charge
    this.#limit = limit
  }

  /** Asks for a data key and makes the header. `plaintextLength` in bytes, where it is known for sure. */
  static async start(options: CheckedEncryptOptions, plaintextLength?: number): Promise<Begun> {
    const keys = await encryptionKeys(options, plaintextLength ?? options.plaintextLength)
    const body = encodeHeaderBody(keys.header)
    const tag = await headerTag(keys.aead, body, keys.requiredContext)
    const authentication = encodeHeaderAuthentication(keys.header.version, tag)
    const signer = keys.signingKey?.signer()
    signer?.update(body)
    signer?.update(authentication)
    const limit = plaintextLength === undefined ? (options.plaintextLength ?? Number.MAX_SAFE_INTEGER) : plaintextLength
    const lengthKnown = (plaintextLength ?? options.plaintextLength) !== undefined
    const writer = new MessageWriter(keys, signer, limit, lengthKnown)
    const { header, dataKeyCached } = keys
    return { writer, message: { header, dataKeyCached }, start: [body, authentication] }
  }

  /** Whole frames, as far as it is sure that they are not the last. Throws ERR_LIMIT past `plaintextLength`. */
  push(chunk: Uint8Array, allocate: Allocate): Awaitable<Uint8Array> {
    this.#count(chunk.length)
    return andThen(this.#sealer.push(chunk, allocate), (frames) => {
      this.#signer?.update(frames)
      return frames
    })
  }

  /** The final frame, with `last` at its end, and the footer where the suite signs. */
  finish(allocate: Allocate, last: Uint8Array = NOTHING): Awaitable<readonly Uint8Array[]> {
    this.#count(last.length)
    const signer = this.#signer
    return andThen(this.#sealer.finish(allocate, last), (frame): Awaitable<readonly Uint8Array[]> => {
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
    if (this.#plaintextLength > this.#limit) {
      throw new BongtuError('ERR_LIMIT', `more plaintext came than plaintextLength allows: ${this.#limit} bytes`)
    }
    if (bytes > 0) this.#charge?.(bytes)
  }
}
