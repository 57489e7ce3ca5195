import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { encrypt, inspect } from '../src/index.ts'
import { chunksOf, concat, numbered } from './support/bytes.ts'
import { craft } from './support/craft.ts'
import { codeOf, rejection, rejectionCode } from './support/errors.ts'
import { dissect } from './support/fields.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const { ciphertext, header } = await encrypt(numbered(100), {
  keyring: toyKeyring(),
  encryptionContext: { a: '1', b: '2' },
  requiredEncryptionContextKeys: ['b'],
  frameLength: 30,
})

describe('inspect tells without a key', () => {
  it('what the header says, how long the plaintext is, and who reads it', async () => {
    expect(await inspect(ciphertext)).toEqual({
      authenticated: false,
      header,
      headerLength: dissect(ciphertext).header.length,
      messageLength: ciphertext.length,
      plaintextLength: 100,
      structure: 'whole',
      readableUnder: [
        'require-encrypt-require-decrypt',
        'require-encrypt-allow-decrypt',
        'forbid-encrypt-allow-decrypt',
      ],
    })
    const { message } = craft({ suite: 0x0178, plaintext: numbered(0) })
    expect((await inspect(message)).readableUnder).not.toContain('require-encrypt-require-decrypt')
  })

  it('of framed and non-framed, signed and unsigned messages', async () => {
    for (const suite of [0x0178, 0x0378, 0x0478, 0x0578]) {
      for (const frameLength of [0, 16]) {
        for (const size of [0, 16, 33]) {
          const { message } = craft({ suite, plaintext: numbered(size), frameLength })
          expect(await inspect(message)).toMatchObject({ plaintextLength: size, structure: 'whole' })
          for (const wrong of [message.slice(0, -1), concat([message, numbered(1)])]) {
            expect(await inspect(wrong)).toMatchObject({ plaintextLength: null, structure: 'cut or extended' })
          }
        }
      }
    }
  })

  it('that a footer is longer than any signature of the suite', async () => {
    for (const [suite, longest] of [
      [0x0214, 72],
      [0x0578, 104],
    ] as const) {
      for (const frameLength of [0, 16]) {
        const of = (length: number) =>
          inspect(
            craft({ suite, plaintext: numbered(20), frameLength, sign: () => new Uint8Array(length).fill(7) }).message,
          )
        expect(await of(longest)).toMatchObject({ plaintextLength: 20, structure: 'whole' })
        expect(await of(longest + 1)).toMatchObject({ plaintextLength: null, structure: 'cut or extended' })
      }
    }
  })

  it('that a message ends within its body, or before it', async () => {
    const start = dissect(ciphertext).header.length
    for (let length = start; length < ciphertext.length; length++) {
      expect(await inspect(ciphertext.slice(0, length)), `${length}`).toMatchObject({ structure: 'cut or extended' })
    }
    for (let length = 0; length < start; length++) {
      expect(await rejectionCode(inspect(ciphertext.slice(0, length))), `${length}`).toBe('ERR_TRUNCATED')
    }
  })
})

it('rejects with the reason of its signal, also where the source pays it no attention', async () => {
  const reason = new Error('enough')
  const controller = new AbortController()
  const source = {
    size: ciphertext.length,
    read: async (start: number, end: number) => {
      controller.abort(reason)
      return ciphertext.slice(start, end)
    },
  }
  expect(await rejection(inspect(source, { signal: controller.signal }))).toBe(reason)
})

describe('of a stream it reads the header only', () => {
  const expected = { header, messageLength: null, plaintextLength: null, structure: 'unknown' }

  it('whatever kind of stream that is', async () => {
    const chunks = chunksOf(ciphertext, 10)
    const web = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk)
        controller.close()
      },
    })
    expect(await inspect(web)).toMatchObject(expected)
    expect(await inspect(Readable.from(chunks))).toMatchObject(expected)
    expect(
      await inspect(
        (async function* () {
          yield* chunks
        })(),
      ),
    ).toMatchObject(expected)
  })

  it('and gives up the rest', async () => {
    let cancelled = false
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(ciphertext.slice(pulled, pulled + 100))
        pulled += 100
      },
      cancel() {
        cancelled = true
      },
    })
    await inspect(endless)
    expect(cancelled).toBe(true)
    const node = Readable.from(chunksOf(ciphertext, 10))
    await inspect(node)
    expect(node.destroyed).toBe(true)
  })

  it('fails as the stream fails', async () => {
    const reason = new Error('lost')
    const web = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(reason) })
    expect(await rejection(inspect(web))).toBe(reason)
  })

  it('stops waiting when its signal aborts, also for a stream that never gives anything', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const silent = inspect(new ReadableStream<Uint8Array>(), { signal: controller.signal })
    controller.abort(reason)
    expect(await rejection(silent)).toBe(reason)
    for (const waiting of [new Readable({ read() {} }), endlessly()]) {
      const other = new AbortController()
      const inspected = inspect(waiting, { signal: other.signal })
      await Promise.resolve()
      other.abort(reason)
      expect(await rejection(inspected)).toBe(reason)
    }
    const late = inspect(new ReadableStream<Uint8Array>(), { signal: controller.signal })
    expect(await rejection(late)).toBe(reason)
  })
})

/** Never gives anything, and never ends. */
async function* endlessly(): AsyncGenerator<Uint8Array> {
  await new Promise(() => {})
  yield ciphertext
}

it('refuses what it cannot read', async () => {
  for (const source of [null, undefined, 'path', 7, {}, [ciphertext]]) {
    expect(codeOf(await rejection(inspect(source as unknown as Uint8Array)))).toBe('TypeError')
  }
})
