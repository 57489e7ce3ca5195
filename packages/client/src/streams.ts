import type { Header } from '@bongtu/message-format'
import type { DecryptOptions } from './decrypt-options.ts'
import type { EncryptOptions } from './encrypt-options.ts'
import { lend } from './lent-bytes.ts'
import type { OpenedMessage } from './message-reader.ts'
import type { StartedMessage } from './message-writer.ts'
import { Pace } from './pace.ts'
import { decryptCore, encryptCore, type PushCore } from './push-core.ts'
import { settledLater } from './settled-later.ts'

/** Plaintext in, a message out. */
export interface EncryptStream extends TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  /** The header, once it is written. Rejects where the stream fails first; may be left unread. */
  readonly header: Promise<Header>
  /** The header, and whether its data key was taken from the cache. Rejects as `header` does. */
  readonly started: Promise<StartedMessage>
}

/** A message in, plaintext out. */
export interface DecryptStream extends TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  /** The header, once it is authentic. Rejects where the stream fails first; may be left unread. */
  readonly header: Promise<Header>
  /** The header with the authenticated context and the encrypted data key that opened. Rejects as `header` does. */
  readonly opened: Promise<OpenedMessage>
}

/**
 * Encrypts a stream of any length in memory that stays flat. Wrong options throw at once; the keyring is asked on the
 * first write. Failures error both sides with what `encrypt` would throw.
 */
export function encryptStream(options: EncryptOptions): EncryptStream {
  const later = settledLater<StartedMessage>()
  const core = encryptCore(options, later.resolve)
  const started = later.promise
  const header = started.then((message) => message.header)
  header.catch(() => {})
  return Object.assign(transformStream(core, later.reject), { header, started })
}

/**
 * Decrypts a stream of any length in memory that stays flat: each frame is released once its tag verified. The last frame
 * of a signed message waits for the signature; until the stream has ended without an error, the signature of what was
 * released is unknown. Failures error both sides with what `decrypt` would throw.
 */
export function decryptStream(options: DecryptOptions): DecryptStream {
  const later = settledLater<OpenedMessage>()
  const core = decryptCore(options, later.resolve)
  const opened = later.promise
  const header = opened.then((message) => message.header)
  header.catch(() => {})
  return Object.assign(transformStream(core, later.reject), { header, opened })
}

function transformStream(
  core: PushCore,
  failed: (reason: unknown) => void,
): TransformStream<Uint8Array, Uint8Array<ArrayBuffer>> {
  const pace = new Pace()
  let unlisten = (): void => {}
  const close = (reason: unknown): void => {
    unlisten()
    core.destroy()
    failed(reason)
  }
  const guarded = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      close(error)
      throw error
    }
  }
  const transformer: Transformer<Uint8Array, Uint8Array<ArrayBuffer>> & { cancel(reason: unknown): void } = {
    start(controller) {
      unlisten = onAbort(core.signal, (reason) => {
        close(reason)
        controller.error(reason)
      })
    },
    transform: (chunk, controller) =>
      guarded(async () => {
        const emit = (piece: Uint8Array<ArrayBuffer>): void => controller.enqueue(piece)
        for (const part of lend('a chunk', chunk).parts()) {
          await core.push(part, emit)
          await pace.after(part.length)
        }
      }),
    flush: (controller) =>
      guarded(async () => {
        await core.finish((piece) => controller.enqueue(piece))
        close(new Error('the stream ended'))
      }),
    // Called where either side is aborted or cancelled.
    cancel: close,
  }
  return new TransformStream(transformer)
}

/** Calls `listener` when the signal aborts, also where it has aborted already. Answers how to stop listening. */
function onAbort(signal: AbortSignal | undefined, listener: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {}
  const abort = (): void => listener(signal.reason)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}
