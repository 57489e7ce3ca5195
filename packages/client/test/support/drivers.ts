import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import {
  type DecryptOptions,
  decrypt,
  decryptStream,
  type EncryptOptions,
  encrypt,
  encryptStream,
} from '../../src/index.ts'
import { decryptTransform, encryptTransform } from '../../src/node.ts'
import { decryptCore, encryptCore, type PushCore } from '../../src/push.ts'
import { concat } from './bytes.ts'

/** What came out, and what it ended with. */
export interface Outcome {
  readonly released: Uint8Array
  /** Absent where it ended well. */
  readonly error?: unknown
}

/** One of the ways to encrypt and decrypt. All of them must behave alike. */
export interface Driver {
  readonly name: string
  encrypt(plaintext: readonly Uint8Array[], options: EncryptOptions): Promise<Outcome>
  decrypt(message: readonly Uint8Array[], options: DecryptOptions): Promise<Outcome>
}

async function oneShot(whole: Promise<Uint8Array>): Promise<Outcome> {
  return whole.then(
    (released) => ({ released }),
    (error: unknown) => ({ released: new Uint8Array(0), error }),
  )
}

async function throughCore(chunks: readonly Uint8Array[], core: PushCore): Promise<Outcome> {
  const out: Uint8Array[] = []
  const emit = (piece: Uint8Array): void => void out.push(piece)
  try {
    for (const chunk of chunks) await core.push(chunk, emit)
    await core.finish(emit)
    return { released: concat(out) }
  } catch (error) {
    return { released: concat(out), error }
  } finally {
    core.destroy()
  }
}

export async function throughWeb(
  chunks: Iterable<Uint8Array>,
  stream: TransformStream<Uint8Array, Uint8Array>,
): Promise<Outcome> {
  const out: Uint8Array[] = []
  const source = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  try {
    for await (const piece of source.pipeThrough(stream)) out.push(piece)
    return { released: concat(out) }
  } catch (error) {
    return { released: concat(out), error }
  }
}

async function throughNode(
  chunks: readonly Uint8Array[],
  transform: ReturnType<typeof encryptTransform> | ReturnType<typeof decryptTransform>,
): Promise<Outcome> {
  const out: Uint8Array[] = []
  const source = Readable.from(chunks.filter((chunk) => chunk.length > 0))
  source.pipe(transform)
  transform.on('data', (piece: Uint8Array) => out.push(piece))
  try {
    await finished(transform)
    return { released: concat(out) }
  } catch (error) {
    return { released: concat(out), error }
  }
}

export const drivers: readonly Driver[] = [
  {
    name: 'one shot',
    encrypt: (chunks, options) => oneShot(encrypt(concat(chunks), options).then(({ ciphertext }) => ciphertext)),
    decrypt: (chunks, options) => oneShot(decrypt(concat(chunks), options).then(({ plaintext }) => plaintext)),
  },
  {
    name: 'push core',
    encrypt: (chunks, options) =>
      throughCore(
        chunks,
        encryptCore(options, () => {}),
      ),
    decrypt: (chunks, options) =>
      throughCore(
        chunks,
        decryptCore(options, () => {}),
      ),
  },
  {
    name: 'web stream',
    encrypt: (chunks, options) => throughWeb(chunks, encryptStream(options)),
    decrypt: (chunks, options) => throughWeb(chunks, decryptStream(options)),
  },
  {
    name: 'Node transform',
    encrypt: (chunks, options) => throughNode(chunks, encryptTransform(options)),
    decrypt: (chunks, options) => throughNode(chunks, decryptTransform(options)),
  },
]

export const [oneShotDriver, coreDriver] = drivers as [Driver, Driver, Driver, Driver]
