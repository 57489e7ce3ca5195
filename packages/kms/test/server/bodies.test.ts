import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type BodyRefusal, createBodyReader } from '../../src/server/bodies.ts'

/** A request whose body comes piece by piece, and what became of it. */
function sender(read: ReturnType<typeof createBodyReader>) {
  const stream = new PassThrough()
  const outcomes: (Uint8Array | BodyRefusal)[] = []
  read(stream, (body) => outcomes.push(body))
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return {
    outcomes,
    async send(length: number) {
      stream.write(Buffer.alloc(length, 1))
      await turn()
    },
    async end() {
      stream.end()
      await turn()
    },
    async leave() {
      stream.destroy()
      await turn()
    },
  }
}

const limits = { longest: 100, budget: 250 }

describe('the bodies that come in', () => {
  it('are handed on whole', async () => {
    const one = sender(createBodyReader(limits))
    await one.send(40)
    await one.send(60)
    expect(one.outcomes).toEqual([])
    await one.end()
    expect(one.outcomes).toEqual([Buffer.alloc(100, 1)])
  })

  it('are refused once where they are longer than any request', async () => {
    const one = sender(createBodyReader(limits))
    await one.send(101)
    await one.send(500)
    await one.end()
    expect(one.outcomes).toEqual(['tooLong'])
  })

  it('are refused, the largest first, where all together are over the budget', async () => {
    const read = createBodyReader(limits)
    const [large, larger, short] = [sender(read), sender(read), sender(read)]
    await large.send(90)
    await larger.send(100)
    await short.send(60)
    expect([large.outcomes, larger.outcomes]).toEqual([[], []])
    await short.send(1)
    expect([large.outcomes, larger.outcomes, short.outcomes]).toEqual([[], ['tooMany'], []])
    await short.end()
    await large.end()
    expect([short.outcomes, large.outcomes]).toEqual([[Buffer.alloc(61, 1)], [Buffer.alloc(90, 1)]])
  })

  it('give back what they took, whether they end, are refused, or their client goes away', async () => {
    const read = createBodyReader(limits)
    for (let round = 0; round < 5; round++) {
      const [ended, refused, left] = [sender(read), sender(read), sender(read)]
      await ended.send(70)
      await ended.end()
      await refused.send(101)
      await left.send(100)
      await left.leave()
      expect([ended.outcomes.length, refused.outcomes, left.outcomes]).toEqual([1, ['tooLong'], []])
    }
    const [one, another] = [sender(read), sender(read)]
    await one.send(100)
    await another.send(100)
    expect([one.outcomes, another.outcomes]).toEqual([[], []])
  })
})
