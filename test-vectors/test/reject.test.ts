import type { DecryptOptions, Engine } from '@bongtu/client'
import { describe, expect, it } from 'vitest'
import type { RejectVector } from '../vector.ts'
import { cuttings, inChunks, inOneCall, type Outcome, offsetView } from './support/drive.ts'
import { canUse, engines, keyringOf } from './support/engines.ts'
import { groups } from './support/files.ts'

const optionsOf = ({ keys, options }: RejectVector, engine: Engine): DecryptOptions => ({
  ...options,
  keyring: keyringOf(keys, engine),
  engine,
})

function expectRefused({ error, mayRelease }: RejectVector, { released, opened, code }: Outcome): void {
  expect({ code, opened }).toEqual({ code: error, opened: undefined })
  const most = Buffer.from(mayRelease, 'base64')
  expect(released.length).toBeLessThanOrEqual(most.length)
  expect(most.subarray(0, released.length).equals(released)).toBe(true)
}

describe.each(groups<RejectVector>('reject'))('reject/%s', (_file, { vectors }) => {
  describe.each(engines)('on the $name engine', (engine) => {
    it.each(vectors.filter(({ keys }) => keys.every(canUse(engine))))('refuses $name: $error', async (vector) => {
      const message = Buffer.from(vector.message, 'base64')
      const options = optionsOf(vector, engine)
      expectRefused(vector, await inOneCall(Uint8Array.from(message), options))
      expectRefused(vector, await inOneCall(offsetView(message), options))
      for (const ends of cuttings(message, vector.boundaries)) {
        expectRefused(vector, await inChunks(message, ends, options))
      }
    })
  })

  it.each(vectors)('refuses $name, cut in two at any of its boundaries: $error', async (vector) => {
    const [engine] = engines
    if (engine === undefined) throw new Error('there is an engine')
    const message = Buffer.from(vector.message, 'base64')
    const options = optionsOf(vector, engine)
    for (const boundary of vector.boundaries) expectRefused(vector, await inChunks(message, [boundary], options))
  })
})
