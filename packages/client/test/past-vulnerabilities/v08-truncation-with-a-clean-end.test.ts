import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { decryptStream, encrypt } from '../../src/index.ts'
import { decryptTransform } from '../../src/node.ts'
import { chunksOf, numbered } from '../support/bytes.ts'
import { codeOf } from '../support/errors.ts'
import { fourKinds, kindOf, policyFor } from '../support/suites.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const keyring = toyKeyring()

interface Ending {
  readonly ended: boolean
  readonly error: unknown
}

function readByNode(chunks: readonly Uint8Array[], options: Parameters<typeof decryptTransform>[0]): Promise<Ending> {
  return new Promise((resolve) => {
    let ended = false
    let failure: unknown
    const transform = decryptTransform(options)
    transform.on('end', () => {
      ended = true
    })
    transform.on('error', (error) => {
      failure = error
    })
    transform.on('close', () => resolve({ ended, error: failure }))
    transform.resume()
    Readable.from(chunks).pipe(transform)
  })
}

async function readByWeb(chunks: readonly Uint8Array[], options: Parameters<typeof decryptStream>[0]): Promise<Ending> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  const reader = source.pipeThrough(decryptStream(options)).getReader()
  try {
    for (;;) if ((await reader.read()).done) return { ended: true, error: undefined }
  } catch (error) {
    return { ended: false, error }
  }
}

/** Two consumers of one stream lost frames between them, and 'end' came all the same. */
describe('V8: a stream that was cut never comes to its end', () => {
  for (const suite of fourKinds) {
    it(`${kindOf(suite)}, at every byte, in chunks of one and of many bytes`, async () => {
      const { algorithmSuite, commitmentPolicy } = policyFor(suite)
      const { ciphertext } = await encrypt(numbered(20), { keyring, algorithmSuite, commitmentPolicy, frameLength: 8 })
      const options = { keyring, commitmentPolicy }
      for (const read of [readByNode, readByWeb]) {
        expect(await read(chunksOf(ciphertext, 50), options)).toEqual({ ended: true, error: undefined })
        for (let length = 0; length < ciphertext.length; length++) {
          const chunks = chunksOf(ciphertext.slice(0, length), length % 8 === 0 ? 1 : 50)
          const { ended, error } = await read(chunks, options)
          expect(ended).toBe(false)
          expect(codeOf(error)).toBe('ERR_TRUNCATED')
        }
      }
    })
  }
})
