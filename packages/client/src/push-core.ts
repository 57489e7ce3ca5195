import type { Awaitable } from '@bongtu/crypto'
import { allocateEach } from './carve.ts'
import { checkDecryptOptions, type DecryptOptions, partialDecryptOptionNames } from './decrypt-options.ts'
import { checkEncryptOptions, type EncryptOptions } from './encrypt-options.ts'
import { anywhere } from './frame-opener.ts'
import { lend } from './lent-bytes.ts'
import { MessageReader, type OpenedMessage } from './message-reader.ts'
import { MessageWriter, type StartedMessage } from './message-writer.ts'

/** Takes what a step made, whole frames or verified plaintext, in order. */
export type Emit = (bytes: Uint8Array<ArrayBuffer>) => void

/**
 * What stands behind every stream: bytes in by `push`, bytes out by `emit`. Each call is waited for before the next.
 * On Node a push answers at once, except where a key is asked for. The first failure destroys it, and a destroyed core
 * neither takes nor emits anything.
 */
export interface PushCore {
  /** The signal of the options. */
  readonly signal: AbortSignal | undefined
  push(chunk: Uint8Array, emit: Emit): Awaitable<void>
  /** The input is complete. */
  finish(emit: Emit): Awaitable<void>
  /** Forgets keys and held bytes. May be called at any time, and more than once. */
  destroy(): void
}

/** Encryption as a push core. The keyring is asked on the first push, or on `finish`. */
export function encryptCore(options: EncryptOptions, onStarted: (message: StartedMessage) => void): PushCore {
  const checked = checkEncryptOptions('encryptStream', options)
  let writer: MessageWriter | undefined
  let destroyed = false

  const started = async (emit: Emit): Promise<MessageWriter> => {
    const { writer: fresh, message, start } = await MessageWriter.start(checked)
    if (destroyed) {
      fresh.destroy()
      throw new Error('the stream was closed while its data key was asked for')
    }
    writer = fresh
    onStarted(message)
    emit(joined(start))
    return fresh
  }
  const write = (to: MessageWriter, chunk: Uint8Array, emit: Emit): Awaitable<void> => {
    const frames = to.push(chunk, allocateEach)
    return frames instanceof Promise ? frames.then((sealed) => emitSome(sealed, emit)) : emitSome(frames, emit)
  }
  const end = async (to: MessageWriter, emit: Emit): Promise<void> => {
    for (const piece of await to.finish(allocateEach)) emit(piece)
  }
  return halting({
    signal: checked.signal,
    push(chunk, emit) {
      checked.signal?.throwIfAborted()
      const input = lend('a chunk', chunk)
      return writer === undefined
        ? started(emit).then((fresh) => write(fresh, input.whole(), emit))
        : write(writer, input.whole(), emit)
    },
    async finish(emit) {
      checked.signal?.throwIfAborted()
      await end(writer ?? (await started(emit)), emit)
    },
    destroy() {
      destroyed = true
      writer?.destroy()
    },
  })
}

/** Decryption as a push core. */
export function decryptCore(options: DecryptOptions, onOpened: (message: OpenedMessage) => void): PushCore {
  const checked = checkDecryptOptions('decryptStream', options, partialDecryptOptionNames, 'release')
  const reader = new MessageReader(checked, onOpened)
  const drain = (emit: Emit): Awaitable<void> => {
    for (;;) {
      const plaintext = reader.next(anywhere)
      if (plaintext instanceof Promise) {
        return plaintext.then((released) => {
          if (released === null) return
          emit(released)
          return drain(emit)
        })
      }
      if (plaintext === null) return
      emit(plaintext)
    }
  }
  return halting({
    signal: checked.signal,
    push(chunk, emit) {
      checked.signal?.throwIfAborted()
      reader.push(lend('a chunk', chunk).whole())
      return drain(emit)
    },
    finish() {
      checked.signal?.throwIfAborted()
      reader.end()
    },
    destroy() {
      reader.destroy()
    },
  })
}

/** A header goes out whole (encrypt.md). */
function joined([header, tag]: readonly [Uint8Array, Uint8Array]): Uint8Array<ArrayBuffer> {
  const whole = allocateEach(header.length + tag.length)
  whole.set(header)
  whole.set(tag, header.length)
  return whole
}

function emitSome(piece: Uint8Array<ArrayBuffer>, emit: Emit): void {
  if (piece.length > 0) emit(piece)
}

/** decrypt.md: after any failure nothing more is released. What a step still under way leaves behind is forgotten too. */
function halting(core: PushCore): PushCore {
  let halted = false
  const halt = (): void => {
    halted = true
    core.destroy()
  }
  const fail = (error: unknown): never => {
    halt()
    throw error
  }
  const step = (work: (emit: Emit) => Awaitable<void>, emit: Emit): Awaitable<void> => {
    if (halted) throw new Error('the stream is closed')
    try {
      const done = work((piece) => {
        if (!halted) emit(piece)
      })
      return done instanceof Promise ? done.then(() => (halted ? halt() : undefined), fail) : done
    } catch (error) {
      return fail(error)
    }
  }
  return {
    push: (chunk, emit) => step((guarded) => core.push(chunk, guarded), emit),
    finish: (emit) => step((guarded) => core.finish(guarded), emit),
    signal: core.signal,
    destroy: halt,
  }
}
