import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { decryptStream, encrypt, encryptStream } from '../src/index.ts'
import { decryptTransform, encryptTransform } from '../src/node.ts'
import { decryptCore, encryptCore } from '../src/push.ts'
import { chunksOf, concat, numbered, offsetView, sameBytes } from './support/bytes.ts'
import { coreDriver, drivers, oneShotDriver } from './support/drivers.ts'
import { codeOf, rejectionCode, thrown } from './support/errors.ts'
import { dissect } from './support/fields.ts'
import { toyKeyring } from './support/toy-keyring.ts'
import { settle } from './support/turns.ts'

const keyring = toyKeyring()
const plaintext = numbered(10_000)
const { ciphertext, header } = await encrypt(plaintext, { keyring, frameLength: 1000 })

describe('when the keyring is asked', () => {
  it('to encrypt: on the first write, not before', async () => {
    const observed = toyKeyring()
    const web = encryptStream({ keyring: observed })
    const node = encryptTransform({ keyring: observed })
    const core = encryptCore({ keyring: observed }, () => {})
    await settle()
    expect(observed.wrapped).toHaveLength(0)
    void web.readable.getReader().read()
    await web.writable.getWriter().write(numbered(1))
    node.write(numbered(1))
    await core.push(numbered(1), () => {})
    await settle()
    expect(observed.wrapped).toHaveLength(3)
    node.destroy()
  })

  it('to encrypt nothing at all: at the end', async () => {
    for (const driver of drivers) {
      const { released } = await driver.encrypt([], { keyring })
      expect((await oneShotDriver.decrypt([released], { keyring })).released).toHaveLength(0)
    }
  })

  it('to decrypt: once the header is complete, not before', async () => {
    const observed = toyKeyring()
    const core = decryptCore({ keyring: observed }, () => {})
    const { length } = dissect(ciphertext).header
    await core.push(ciphertext.subarray(0, length - 1), () => {})
    expect(observed.unwrapped).toHaveLength(0)
    await core.push(ciphertext.subarray(length - 1, length), () => {})
    expect(observed.unwrapped).toHaveLength(1)
  })
})

describe('what comes out, and when', () => {
  it('the header promise answers as soon as the header is authentic', async () => {
    const web = decryptStream({ keyring })
    const node = decryptTransform({ keyring })
    const start = dissect(ciphertext).header
    void web.writable.getWriter().write(start)
    void web.readable.getReader().read()
    node.write(start)
    for (const stream of [web, node]) {
      expect(await stream.header).toEqual(header)
      const { encryptedDataKey, encryptionContext } = await stream.opened
      expect(encryptedDataKey).toEqual(header.encryptedDataKeys[0])
      expect(encryptionContext).toEqual(header.encryptionContext)
    }
    node.destroy()
    const sealing = encryptTransform({ keyring, frameLength: 77 })
    sealing.end(numbered(1))
    expect((await sealing.header).frameLength).toBe(77)
    sealing.destroy()
  })

  it('of a signed message every frame but the final one as it verifies, and that once the signature did', async () => {
    const released: Uint8Array[] = []
    const core = decryptCore({ keyring }, () => {})
    const { header: start, frames, footer } = dissect(ciphertext)
    const emit = (piece: Uint8Array): void => void released.push(piece)
    await core.push(start, emit)
    for (const [index, frame] of frames.entries()) {
      await core.push(frame, emit)
      expect(concat(released)).toEqual(plaintext.subarray(0, 1000 * Math.min(index + 1, frames.length - 1)))
    }
    await core.push(footer.subarray(0, -1), emit)
    expect(concat(released)).toHaveLength(9000)
    await core.push(footer.subarray(-1), emit)
    expect(sameBytes(concat(released), plaintext)).toBe(true)
    await core.finish(emit)
  })

  it('of a signed message nothing at all, where unverified plaintext is refused', async () => {
    const observed = toyKeyring()
    for (const driver of drivers.slice(1)) {
      const outcome = await driver.decrypt([ciphertext], { keyring: observed, unverified: 'refuse' })
      expect(codeOf(outcome.error)).toBe('ERR_POLICY')
      expect(outcome.released).toHaveLength(0)
      const unsigned = await encrypt(plaintext, { keyring, algorithmSuite: 0x0478 })
      const opened = await driver.decrypt([unsigned.ciphertext], { keyring, unverified: 'refuse' })
      expect(sameBytes(opened.released, plaintext)).toBe(true)
    }
    expect(observed.unwrapped).toHaveLength(0)
  })

  it('on encryption the header whole, frames whole, and the footer whole', async () => {
    const pieces: Uint8Array[] = []
    const core = encryptCore({ keyring, frameLength: 1000 }, () => {})
    for (const chunk of chunksOf(plaintext, 300)) await core.push(chunk, (piece) => pieces.push(piece))
    await core.finish((piece) => pieces.push(piece))
    const { header: start, frames, footer } = dissect(concat(pieces))
    expect(pieces).toEqual([start, ...frames, footer])
  })
})

describe('chunks', () => {
  it('of no bytes change nothing, wherever they come', async () => {
    const empty = new Uint8Array(0)
    const chunks = (bytes: Uint8Array): Uint8Array[] => [
      empty,
      ...chunksOf(bytes, 999).flatMap((chunk) => [chunk, empty, empty]),
    ]
    for (const driver of drivers) {
      const { released } = await driver.encrypt(chunks(plaintext), { keyring, frameLength: 1000 })
      expect(released.length).toBeGreaterThan(plaintext.length)
      expect(sameBytes((await driver.decrypt(chunks(released), { keyring })).released, plaintext)).toBe(true)
    }
  })

  it('may be reused by their owner as soon as a write is done', async () => {
    const reused = new Uint8Array(700)
    for (const [source, make] of [
      [plaintext, () => encryptStream({ keyring, frameLength: 1000 })],
      [ciphertext, () => decryptStream({ keyring })],
      [plaintext, () => encryptStream({ keyring, frameLength: 1000, engine: webEngine })],
      [ciphertext, () => decryptStream({ keyring, engine: webEngine })],
    ] as const) {
      const stream = make()
      const writer = stream.writable.getWriter()
      const out: Uint8Array[] = []
      const reading = (async () => {
        for await (const piece of stream.readable) out.push(piece)
      })()
      for (const chunk of chunksOf(source, reused.length)) {
        reused.set(chunk)
        await writer.write(reused.subarray(0, chunk.length))
        reused.fill(0xaa)
      }
      await writer.close()
      await reading
      const back = source === plaintext ? (await oneShotDriver.decrypt(out, { keyring })).released : concat(out)
      expect(sameBytes(back, plaintext)).toBe(true)
    }
  })

  it('may be Buffers, and views anywhere in their buffer', async () => {
    for (const driver of drivers) {
      const { released } = await driver.encrypt([Buffer.from(plaintext)], { keyring })
      const back = await driver.decrypt([Buffer.from(offsetView(released))], { keyring })
      expect(sameBytes(back.released, plaintext)).toBe(true)
    }
  })

  it('of another kind are a mistake of the caller', async () => {
    for (const chunk of ['text', null, 7, [1], new ArrayBuffer(2), new Uint16Array(2)] as unknown[]) {
      for (const stream of [encryptStream({ keyring }), decryptStream({ keyring })]) {
        void stream.readable
          .getReader()
          .read()
          .catch(() => {})
        expect(await rejectionCode(stream.writable.getWriter().write(chunk as Uint8Array))).toBe('TypeError')
      }
      for (const core of [encryptCore({ keyring }, () => {}), decryptCore({ keyring }, () => {})]) {
        expect(codeOf(thrown(() => core.push(chunk as Uint8Array, () => {})))).toBe('TypeError')
      }
    }
  })
})

describe('a slow reader', () => {
  const CHUNK = 50_000
  const COUNT = 200

  it('holds a web source back', async () => {
    const message = (await coreDriver.encrypt([numbered(CHUNK * COUNT)], { keyring, frameLength: 4096 })).released
    for (const [bytes, make] of [
      [numbered(CHUNK * COUNT), () => encryptStream({ keyring })],
      [message, () => decryptStream({ keyring })],
    ] as const) {
      let pulled = 0
      const chunks = chunksOf(bytes, CHUNK)
      const source = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const chunk = chunks[pulled++]
            if (chunk === undefined) controller.close()
            else controller.enqueue(chunk)
          },
        },
        { highWaterMark: 0 },
      )
      const reader = source.pipeThrough(make()).getReader()
      await settle(50)
      expect(pulled).toBeLessThanOrEqual(2)
      await reader.read()
      await settle(50)
      expect(pulled).toBeLessThanOrEqual(4)
      let rest = 0
      for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value.length
      expect(rest).toBeGreaterThan(CHUNK * (COUNT - 4))
    }
  })

  it('holds a Node source back, and loses nothing', async () => {
    let read = 0
    const source = new Readable({
      read() {
        this.push(read++ < COUNT ? numbered(CHUNK, read) : null)
      },
    })
    const ahead: number[] = []
    let written = 0
    const slow = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        await settle(2)
        written += chunk.length
        ahead.push(read * CHUNK - written)
        yield chunk
      }
    }
    const out: Uint8Array[] = []
    await pipeline(source, encryptTransform({ keyring }), decryptTransform({ keyring }), slow, async (pieces) => {
      for await (const piece of pieces) out.push(piece as Uint8Array)
    })
    expect(Math.max(...ahead)).toBeLessThan(12 * CHUNK)
    const whole = concat(Array.from({ length: COUNT }, (_, index) => numbered(CHUNK, index + 1)))
    expect(sameBytes(concat(out), whole)).toBe(true)
  })
})

describe('adapters of streams work together', () => {
  it('a web stream in a Node pipeline, and a Node transform as a pair of web streams', async () => {
    const out: Uint8Array[] = []
    await pipeline(
      Readable.from(chunksOf(plaintext, 100)),
      encryptStream({ keyring }) as never,
      decryptTransform({ keyring }),
      async (pieces: AsyncIterable<Uint8Array>) => {
        for await (const piece of pieces) out.push(piece)
      },
    )
    expect(sameBytes(concat(out), plaintext)).toBe(true)
    const { readable, writable } = Transform.toWeb(encryptTransform({ keyring }))
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(plaintext)
        controller.close()
      },
    })
    const back: Uint8Array[] = []
    const through = source.pipeThrough({ readable, writable } as ReadableWritablePair<Uint8Array, Uint8Array>)
    for await (const piece of through.pipeThrough(decryptStream({ keyring }))) back.push(piece)
    expect(sameBytes(concat(back), plaintext)).toBe(true)
  })
})
