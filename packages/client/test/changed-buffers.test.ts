import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt, encryptStream } from '../src/index.ts'
import { encryptTransform } from '../src/node.ts'
import { encryptCore } from '../src/push.ts'
import { numbered } from './support/bytes.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejection, rejectionCode } from './support/errors.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const MiB = 2 ** 20
const engines = { node: nodeEngine, web: webEngine, noble: nobleEngine }
const algorithmSuite = '0x0478'

interface ResizableBuffer extends ArrayBuffer {
  resize(length: number): void
}
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ResizableBuffer
const resizable = (length: number, maxByteLength: number): ResizableBuffer =>
  new ResizableBuffer(length, { maxByteLength })
const detach = (bytes: Uint8Array): void =>
  void structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] })

/** A keyring during whose call something happens. */
const meanwhile = (happens: () => void) => {
  const toy = toyKeyring()
  return {
    ...toy,
    wrapDataKey: async (request: Parameters<typeof toy.wrapDataKey>[0]) => {
      const answer = await toy.wrapDataKey(request)
      happens()
      return answer
    },
  }
}

describe.each(Object.entries(engines))('encrypt with the %s engine', (_name, engine) => {
  it.each([5 * MiB, 5 * MiB + 1])(
    'refuses a plaintext of %i bytes that is transferred while it is sealed',
    async (length) => {
      const plaintext = new Uint8Array(length)
      const sealed = encrypt(plaintext, { keyring: toyKeyring(), algorithmSuite, engine })
      setImmediate(() => detach(plaintext))
      const error = await rejection(sealed)
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).toMatch(/must keep its/)
    },
  )

  it.each([
    ['shrunk', 10, { length: 5000, viewLength: undefined }],
    ['shrunk below its view', 10, { length: 5000, viewLength: 5000 }],
    ['grown', 6000, { length: 5000, viewLength: undefined }],
    ['shrunk to nothing', 0, { length: 5000, viewLength: undefined }],
  ])('refuses a plaintext whose buffer is %s during the key call', async (_how, to, { length, viewLength }) => {
    for (const frameLength of [4096, 8192]) {
      const buffer = resizable(length, 8192)
      const plaintext = new Uint8Array(buffer, 0, viewLength)
      const keyring = meanwhile(() => buffer.resize(to))
      const error = await rejection(encrypt(plaintext, { keyring, algorithmSuite, engine, frameLength }))
      expect(String(error)).toMatch(
        /^TypeError: plaintext must keep its 5000 bytes until the call is over, got \d+: its buffer was resized, transferred or detached$/,
      )
    }
  })

  it('takes a view whose buffer grows elsewhere', async () => {
    const buffer = resizable(100, 200)
    const plaintext = new Uint8Array(buffer, 0, 100).fill(7)
    const keyring = meanwhile(() => buffer.resize(200))
    const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite, engine })
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(new Uint8Array(100).fill(7))
  })

  it('takes shared memory as it was when the call began', async () => {
    for (const length of [10, 5000]) {
      const plaintext = new Uint8Array(new SharedArrayBuffer(length)).fill(1)
      const keyring = meanwhile(() => plaintext.fill(2))
      const { ciphertext } = await encrypt(plaintext, { keyring, algorithmSuite, engine })
      expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(new Uint8Array(length).fill(1))
    }
  })
})

describe('a plaintext that has lost its buffer before the call', () => {
  it.each([0, 10])('is refused, not taken for an empty one, with %i bytes before', async (length) => {
    const plaintext = new Uint8Array(length)
    detach(plaintext)
    const error = await rejection(encrypt(plaintext, { keyring: toyKeyring() }))
    expect(String(error)).toBe(
      'TypeError: plaintext must have a buffer that holds its bytes: its buffer was resized, transferred or detached',
    )
  })

  it('is refused where its buffer was resized below it', async () => {
    const buffer = resizable(100, 100)
    const plaintext = new Uint8Array(buffer, 50, 10)
    buffer.resize(20)
    expect(await rejectionCode(encrypt(plaintext, { keyring: toyKeyring() }))).toBe('TypeError')
  })
})

describe('a chunk of a stream', () => {
  const gone = (length: number) => {
    const chunk = new Uint8Array(length)
    return { chunk, keyring: meanwhile(() => detach(chunk)) }
  }

  it.each([1, 5000, 3 * MiB])(
    'of %i bytes that is transferred during the key call fails the push core',
    async (length) => {
      const { chunk, keyring } = gone(length)
      const core = encryptCore({ keyring, algorithmSuite }, () => {})
      expect(await rejectionCode(Promise.resolve(core.push(chunk, () => {})))).toBe('TypeError')
    },
  )

  it.each([1, 5000, 3 * MiB])(
    'of %i bytes that is transferred during the key call fails a web stream',
    async (length) => {
      const { chunk, keyring } = gone(length)
      const { readable, writable } = encryptStream({ keyring, algorithmSuite })
      const writer = writable.getWriter()
      const written = Promise.all([writer.write(chunk), writer.close()])
      const read = readable.pipeTo(new WritableStream())
      const outcomes = await Promise.allSettled([written, read])
      expect(outcomes.map((one) => one.status === 'rejected' && codeOf(one.reason))).toEqual(['TypeError', 'TypeError'])
    },
  )

  it.each([1, 5000, 3 * MiB])(
    'of %i bytes that is transferred during the key call fails a Node stream',
    async (length) => {
      const { chunk, keyring } = gone(length)
      const stream = encryptTransform({ keyring, algorithmSuite })
      const failed = new Promise((resolve) => stream.on('error', resolve))
      stream.end(chunk)
      stream.resume()
      expect(codeOf(await failed)).toBe('TypeError')
    },
  )

  it('of some MiB that is transferred between two turns of the event loop fails every stream', async () => {
    const chunk = new Uint8Array(5 * MiB)
    const stream = encryptTransform({ keyring: toyKeyring(), algorithmSuite })
    const failed = new Promise((resolve) => stream.on('error', resolve))
    stream.write(chunk)
    stream.resume()
    await stream.started
    detach(chunk)
    expect(codeOf(await failed)).toBe('TypeError')

    const other = new Uint8Array(5 * MiB)
    const { readable, writable, started } = encryptStream({ keyring: toyKeyring(), algorithmSuite })
    const written = writable.getWriter().write(other)
    const read = readable.pipeTo(new WritableStream())
    await started
    detach(other)
    expect(await rejectionCode(written)).toBe('TypeError')
    expect(await rejectionCode(read)).toBe('TypeError')
  })
})

describe('plaintextLength', () => {
  it('of a stream is exact: a shorter plaintext fails and completes no message', async () => {
    for (const driver of drivers.slice(1)) {
      for (const length of [0, 3, 9]) {
        const keyring = toyKeyring()
        const options = { keyring, algorithmSuite, plaintextLength: 10, frameLength: 4 }
        const { released, error } = await driver.encrypt([numbered(length)], options)
        expect(String(error)).toBe(`BongtuError: plaintextLength announces 10 bytes of plaintext, got ${length}`)
        expect(codeOf(error)).toBe('ERR_LIMIT')
        expect(await rejectionCode(decrypt(released, { keyring }))).toBe('ERR_TRUNCATED')
      }
    }
  })

  it('of a call that has the whole plaintext must be its length, before any key is asked', async () => {
    const keyring = toyKeyring()
    expect(await rejectionCode(encrypt(numbered(30), { keyring, plaintextLength: 10 }))).toBe('ERR_LIMIT')
    expect(await rejectionCode(encrypt(numbered(30), { keyring, plaintextLength: 40 }))).toBe('ERR_LIMIT')
    expect(keyring.wrapped).toEqual([])
    await encrypt(numbered(30), { keyring, plaintextLength: 30 })
  })
})
