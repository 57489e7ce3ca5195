import { addAbortSignal, Transform, type TransformCallback } from 'node:stream'
import type { Header } from '@bongtu/message-format'
import type { DecryptOptions } from './decrypt-options.ts'
import type { EncryptOptions } from './encrypt-options.ts'
import { lend } from './lent-bytes.ts'
import type { OpenedMessage } from './message-reader.ts'
import type { StartedMessage } from './message-writer.ts'
import { PACE_BYTES, Pace } from './pace.ts'
import { decryptCore, encryptCore, type PushCore } from './push-core.ts'
import { settledLater } from './settled-later.ts'

export { fileSource } from './file-source.ts'

/** A Node stream: plaintext in, a message out. */
export interface EncryptTransform extends Transform {
  /** The header, once it is written. Rejects where the stream fails first; may be left unread. */
  readonly header: Promise<Header>
  /** The header, and whether its data key was taken from the cache. Rejects as `header` does. */
  readonly started: Promise<StartedMessage>
}

/** A Node stream: a message in, plaintext out. */
export interface DecryptTransform extends Transform {
  /** The header, once it is authentic. Rejects where the stream fails first; may be left unread. */
  readonly header: Promise<Header>
  /** The header with the authenticated context and the encrypted data key that opened. Rejects as `header` does. */
  readonly opened: Promise<OpenedMessage>
}

/** `encryptStream` as a Node stream, for `pipeline`: the same core, without the cost of web streams. */
export function encryptTransform(options: EncryptOptions): EncryptTransform {
  const later = settledLater<StartedMessage>()
  const started = later.promise
  const header = started.then((message) => message.header)
  header.catch(() => {})
  return Object.assign(new CoreTransform(encryptCore(options, later.resolve), later.reject), {
    header,
    started,
  })
}

/** `decryptStream` as a Node stream, for `pipeline`: the same core, without the cost of web streams. */
export function decryptTransform(options: DecryptOptions): DecryptTransform {
  const later = settledLater<OpenedMessage>()
  const opened = later.promise
  const header = opened.then((message) => message.header)
  header.catch(() => {})
  return Object.assign(new CoreTransform(decryptCore(options, later.resolve), later.reject), {
    header,
    opened,
  })
}

class CoreTransform extends Transform {
  readonly #core: PushCore
  readonly #failed: (reason: unknown) => void
  readonly #pace = new Pace()
  readonly #emit = (piece: Uint8Array): void => {
    this.push(piece)
  }

  constructor(core: PushCore, failed: (reason: unknown) => void) {
    super()
    this.#core = core
    this.#failed = failed
    // Not by an option of the base class, which destroys the stream before it is made where the signal has aborted.
    if (core.signal !== undefined) addAbortSignal(core.signal, this)
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    finishStep(() => (chunk.length > PACE_BYTES ? this.#pushInParts(chunk) : this.#push(chunk)), done)
  }

  override _flush(done: TransformCallback): void {
    finishStep(() => this.#core.finish(this.#emit), done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#core.destroy()
    this.#failed(error ?? new Error('the stream was closed'))
    done(error)
  }

  /** Synchronous wherever the engine is and the event loop is not due. */
  #push(chunk: Uint8Array): void | Promise<void> {
    const pushed = this.#core.push(chunk, this.#emit)
    const turn = this.#pace.after(chunk.length)
    if (pushed instanceof Promise) return pushed.then(() => turn)
    return turn
  }

  async #pushInParts(chunk: Uint8Array): Promise<void> {
    for (const part of lend('a chunk', chunk).parts()) await this.#push(part)
  }
}

function finishStep(step: () => void | Promise<void>, done: TransformCallback): void {
  try {
    const result = step()
    if (result instanceof Promise) result.then(() => done(), done)
    else done()
  } catch (error) {
    done(error as Error)
  }
}
