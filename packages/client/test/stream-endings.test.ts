import { Readable, Writable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { decryptStream, encrypt, encryptStream } from '../src/index.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { decryptCore, encryptCore } from '../src/push.ts'
import { chunksOf, isZero, numbered } from './support/bytes.ts'
import { codeOf, rejection, rejectionCode, thrown } from './support/errors.ts'
import { dissect } from './support/fields.ts'
import { observedEngine } from './support/observed-engine.ts'
import { type ToyKeyring, toyKeyring } from './support/toy-keyring.ts'
import { gate, settle, unhandledDuring, until } from './support/turns.ts'

const plaintext = numbered(5000)
const { ciphertext } = await encrypt(plaintext, { keyring: toyKeyring(), frameLength: 1000 })
const reason = new Error('the user changed their mind')

/** Both directions, each with an input for it. */
const directions = [
  { name: 'encrypting', input: plaintext, web: encryptStream, node: encryptTransform, core: encryptCore },
  { name: 'decrypting', input: ciphertext, web: decryptStream, node: decryptTransform, core: decryptCore },
] as const

const ABORTING = 'by aborting the writable side'

/** How far a stream has come when it is given up. */
const stages = ['before the first chunk', 'while the keyring is asked', 'in the middle'] as const

/** Brings a stream to its stage. Answers how to let a pending keyring go on, and to wait until no data key is left. */
async function bring(
  stage: (typeof stages)[number],
  input: Uint8Array,
  start: (keyring: ToyKeyring) => (chunk: Uint8Array) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const { opened, open } = gate()
  if (stage !== 'while the keyring is asked') open()
  const keyring = toyKeyring({ gate: opened })
  const write = start(keyring)
  if (stage !== 'before the first chunk') {
    write(input.subarray(0, 3000)).catch(() => {})
    await until(() => keyring.handedOut.length > 0)
  }
  if (stage === 'in the middle') await until(() => keyring.handedOut.every(isZero))
  await settle()
  return async () => {
    open()
    await until(() => keyring.handedOut.every(isZero))
    await settle()
  }
}

/** A web stream that somebody writes to and reads from. */
function inUse<S extends TransformStream<Uint8Array, Uint8Array>>(stream: S) {
  const writer = stream.writable.getWriter()
  const reader = stream.readable.getReader()
  const read = async (): Promise<void> => {
    for (let next = await reader.read(); !next.done; next = await reader.read());
  }
  const reading = read()
  reading.catch(() => {})
  return { stream, writer, reader, reading }
}

for (const { name, input, web, node, core } of directions) {
  describe(`${name}, given up`, () => {
    for (const stage of stages) {
      const ways = {
        'by cancelling the readable side': ({ reader }: ReturnType<typeof inUse>) => reader.cancel(reason),
        [ABORTING]: ({ writer }: ReturnType<typeof inUse>) => writer.abort(reason),
      }
      for (const [how, giveUp] of Object.entries(ways)) {
        it(`${stage}, ${how}`, async () => {
          const unhandled = await unhandledDuring(async () => {
            let used = inUse(web({ keyring: toyKeyring() }))
            const letGo = await bring(stage, input, (asked) => {
              used = inUse(web({ keyring: asked }))
              return (chunk) => used.writer.write(chunk)
            })
            const givingUp = giveUp(used)
            await letGo()
            await givingUp
            // Streams let a write finish that is under way when their writable side is aborted.
            const opened =
              stage === 'in the middle' || (stage !== 'before the first chunk' && giveUp === ways[ABORTING])
            if (opened) await used.stream.header
            else expect(await rejection(used.stream.header)).toBe(reason)
          })
          expect(unhandled).toEqual([])
        })
      }

      it(`${stage}, by its signal`, async () => {
        for (const engine of [undefined, webEngine]) {
          const unhandled = await unhandledDuring(async () => {
            const controller = new AbortController()
            const options = { signal: controller.signal, ...(engine === undefined ? {} : { engine }) }
            let used = inUse(web({ keyring: toyKeyring(), ...options }))
            const letGo = await bring(stage, input, (asked) => {
              used = inUse(web({ keyring: asked, ...options }))
              return (chunk) => used.writer.write(chunk)
            })
            if (stage === 'in the middle') await used.stream.header
            controller.abort(reason)
            expect(await rejection(used.reading)).toBe(reason)
            if (stage !== 'in the middle') expect(await rejection(used.stream.header)).toBe(reason)
            await letGo()
            expect(await rejection(used.writer.write(numbered(1)))).toBe(reason)
          })
          expect(unhandled).toEqual([])
        }
      })

      it(`${stage}, as a Node transform, by destroying it and by its signal`, async () => {
        for (const bySignal of [false, true]) {
          const controller = new AbortController()
          let transform = node({ keyring: toyKeyring() })
          const unhandled = await unhandledDuring(async () => {
            const letGo = await bring(stage, input, (asked) => {
              transform = node(bySignal ? { keyring: asked, signal: controller.signal } : { keyring: asked })
              return (chunk) => new Promise((resolve) => transform.write(chunk, resolve))
            })
            const ended = rejection(finished(transform))
            if (bySignal) controller.abort(reason)
            else transform.destroy(reason)
            const error = (await ended) as Error
            expect(bySignal ? error.cause : error).toBe(reason)
            await letGo()
            if (stage !== 'in the middle') await rejection(transform.header)
          })
          expect(unhandled).toEqual([])
        }
      })

      it(`${stage}, as a push core`, async () => {
        const emitted: Uint8Array[] = []
        let pushing: Promise<unknown> = Promise.resolve()
        let subject = core({ keyring: toyKeyring() }, () => {})
        const letGo = await bring(stage, input, (asked) => {
          subject = core({ keyring: asked }, () => {})
          return (chunk) => {
            pushing = Promise.resolve(subject.push(chunk, (piece) => emitted.push(piece)))
            return pushing
          }
        })
        subject.destroy()
        const before = emitted.length
        await letGo()
        await pushing.catch(() => {})
        expect(emitted).toHaveLength(before)
        expect(codeOf(thrown(() => subject.push(numbered(1), () => {})))).toBe('Error')
        expect(codeOf(thrown(() => subject.finish(() => {})))).toBe('Error')
      })
    }

    it('before it was made: a signal that has aborted', async () => {
      const signal = AbortSignal.abort(reason)
      const unhandled = await unhandledDuring(async () => {
        const observed = toyKeyring()
        const stream = web({ keyring: observed, signal })
        expect(await rejection(stream.readable.getReader().read())).toBe(reason)
        expect(await rejection(stream.header)).toBe(reason)
        const transform = node({ keyring: observed, signal })
        expect(((await rejection(finished(transform))) as Error).cause).toBe(reason)
        await rejection(transform.header)
        expect(thrown(() => core({ keyring: observed, signal }, () => {}).push(input, () => {}))).toBe(reason)
        expect(observed.wrapped.length + observed.unwrapped.length).toBe(0)
      })
      expect(unhandled).toEqual([])
    })

    it('after its end: nothing happens', async () => {
      const controller = new AbortController()
      const stream = web({ keyring: toyKeyring(), signal: controller.signal })
      const writer = stream.writable.getWriter()
      const reading = (async () => {
        let length = 0
        for await (const piece of stream.readable) length += piece.length
        return length
      })()
      await writer.write(input)
      await writer.close()
      controller.abort(reason)
      expect(await reading).toBeGreaterThan(4000)
      await stream.header
    })
  })
}

describe('an error from outside', () => {
  it('in the source ends both ends of a pipeline, and the header promise', async () => {
    for (const { input, web, node } of directions) {
      for (const make of [web, node]) {
        const unhandled = await unhandledDuring(async () => {
          const source = async function* (): AsyncGenerator<Uint8Array> {
            yield input.subarray(0, 10)
            throw reason
          }
          const stream = make({ keyring: toyKeyring() })
          const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
          expect(await rejection(pipeline(Readable.from(source()), stream as never, sink))).toBe(reason)
          if (input === ciphertext) await rejection(stream.header)
        })
        expect(unhandled).toEqual([])
      }
    }
  })

  it('in the sink too', async () => {
    for (const { input, web, node } of directions) {
      for (const make of [web, node]) {
        const sink = new Writable({ write: (_chunk, _encoding, done) => done(reason) })
        const source = Readable.from(chunksOf(input, 100))
        const attempt = pipeline(source, make({ keyring: toyKeyring() }) as never, sink)
        expect(await rejection(attempt)).toBe(reason)
      }
    }
  })

  it('in the keyring fails both sides of the stream with it', async () => {
    const keyring = { wrapDataKey: () => Promise.reject(reason), unwrapDataKey: () => Promise.reject(reason) }
    for (const { input, web, node } of directions) {
      const code = input === plaintext ? 'ERR_KEYRING' : 'ERR_NO_KEY'
      const unhandled = await unhandledDuring(async () => {
        const stream = web({ keyring })
        const writer = stream.writable.getWriter()
        writer.closed.catch(() => {})
        const reading = rejectionCode(stream.readable.getReader().read())
        expect(await rejectionCode(writer.write(input))).toBe(code)
        expect(await reading).toBe(code)
        const transform = node({ keyring })
        transform.write(input)
        expect(await rejectionCode(finished(transform))).toBe(code)
      })
      // The header promises of both were never read.
      expect(unhandled).toEqual([])
    }
  })
})

describe('a core that failed', () => {
  it('stays failed: no frame that follows a forged one comes out', async () => {
    for (const engine of [undefined, webEngine]) {
      const { header, frames, footer } = dissect(ciphertext)
      const forged = frames[1]?.slice() ?? new Uint8Array(0)
      forged[100] = (forged[100] ?? 0) ^ 1
      const emitted: Uint8Array[] = []
      const options = { keyring: toyKeyring(), ...(engine === undefined ? {} : { engine }) }
      const core = decryptCore(options, () => {})
      const push = async (chunk: Uint8Array): Promise<void> => core.push(chunk, (piece) => emitted.push(piece))
      await push(header)
      await push(frames[0] ?? header)
      expect(await rejectionCode(push(forged))).toBe('ERR_AUTHENTICATION')
      for (const chunk of [...frames.slice(1), footer]) await rejection(push(chunk))
      await rejection((async () => core.finish(() => {}))())
      expect(emitted).toEqual([plaintext.subarray(0, 1000)])
    }
  })
})

describe('secrets do not outlive their use', () => {
  it('content keys are zeroed once the engine has them', async () => {
    for (const engine of [observedEngine(), observedEngine(webEngine)]) {
      for (const algorithmSuite of [0x0478, 0x0178, 0x0078]) {
        const commitmentPolicy =
          algorithmSuite === 0x0478 ? 'require-encrypt-allow-decrypt' : 'forbid-encrypt-allow-decrypt'
        await encrypt(plaintext, { keyring: toyKeyring(), engine, algorithmSuite, commitmentPolicy })
      }
      expect(engine.keys).toHaveLength(3)
      expect(engine.keys.every(isZero)).toBe(true)
    }
  })

  it('plaintext that was held back is zeroed when a stream is given up, and when the signature fails', async () => {
    for (const base of [undefined, webEngine]) {
      const engine = observedEngine(base)
      const forged = ciphertext.slice()
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
      const failing = decryptCore({ keyring: toyKeyring(), engine }, () => {})
      await rejection((async () => failing.push(forged, () => {}))())
      expect(isZero(engine.plaintexts.at(-1) ?? plaintext)).toBe(true)

      const givenUp = decryptCore({ keyring: toyKeyring(), engine }, () => {})
      await givenUp.push(ciphertext.subarray(0, -1), () => {})
      expect(engine.plaintexts.at(-1)).toEqual(plaintext.subarray(4000))
      givenUp.destroy()
      expect(isZero(engine.plaintexts.at(-1) ?? plaintext)).toBe(true)

      const sealing = encryptCore({ keyring: toyKeyring(), engine, frameLength: 1000 }, () => {})
      await sealing.push(plaintext.subarray(0, 500), () => {})
      await sealing.push(plaintext.subarray(500, 1300), () => {})
      const held = engine.plaintexts.at(-1)
      sealing.destroy()
      expect(isZero(held ?? plaintext)).toBe(true)
    }
  })
})
