import type { DecryptOptions, Engine } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import type { AcceptVector } from '../vector.ts'
import { cuttings, inChunks, inOneCall, type Outcome, offsetView } from './support/drive.ts'
import { canUse, engines, keyringOf } from './support/engines.ts'
import { groups } from './support/files.ts'

const optionsOf = ({ keys, options }: AcceptVector, engine: Engine): DecryptOptions => ({
  ...options,
  keyring: keyringOf(keys, engine),
  engine,
})

function expectOpened({ plaintext, encryptionContext }: AcceptVector, { released, opened, code }: Outcome): void {
  expect(code).toBeUndefined()
  expect(Buffer.from(released).toString('base64')).toBe(plaintext)
  expect(Object.entries(opened?.encryptionContext ?? {}).sort()).toEqual(Object.entries(encryptionContext).sort())
}

describe.each(groups<AcceptVector>('accept'))('accept/%s', (_file, { vectors }) => {
  describe.each(engines)('on the $name engine', (engine) => {
    it.each(vectors.filter(({ keys }) => keys.every(canUse(engine))))('opens $name', async (vector) => {
      const message = Buffer.from(vector.message, 'base64')
      const options = optionsOf(vector, engine)
      expectOpened(vector, await inOneCall(Uint8Array.from(message), options))
      expectOpened(vector, await inOneCall(offsetView(message), options))
      for (const ends of cuttings(message, vector.boundaries)) {
        expectOpened(vector, await inChunks(message, ends, options))
      }
    })
  })

  it.each(vectors)('opens $name, cut in two at any of its boundaries', async (vector) => {
    const [engine] = engines
    if (engine === undefined) throw new Error('there is an engine')
    const message = Buffer.from(vector.message, 'base64')
    const options = optionsOf(vector, engine)
    for (const boundary of vector.boundaries) expectOpened(vector, await inChunks(message, [boundary], options))
  })
})
