import { describe, expect, it } from 'vitest'
import { turns } from '../src/pkcs11/turns.ts'

/** Work that goes on until it is told to end. */
function job(log: string[], name: string) {
  let end = (): void => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const work = async (): Promise<string> => {
    log.push(name)
    await over
    return name
  }
  return { work, end }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  it('lets those together work side by side', async () => {
    const { together } = turns()
    const log: string[] = []
    const [a, b] = [job(log, 'a'), job(log, 'b')]
    const both = [together(a.work), together(b.work)]
    await settle()
    expect(log).toEqual(['a', 'b'])
    b.end()
    a.end()
    expect(await Promise.all(both)).toEqual(['a', 'b'])
  })

  it('lets whoever is alone wait for those before, and holds off those behind', async () => {
    const { together, alone } = turns()
    const log: string[] = []
    const [before, only, next, behind] = ['before', 'only', 'next', 'behind'].map((name) => job(log, name))
    if (!before || !only || !next || !behind) throw new Error('four jobs')
    const all = [together(before.work), alone(only.work), alone(next.work), together(behind.work)]
    await settle()
    expect(log).toEqual(['before'])
    before.end()
    await settle()
    expect(log).toEqual(['before', 'only'])
    only.end()
    await settle()
    expect(log).toEqual(['before', 'only', 'next'])
    next.end()
    await settle()
    expect(log).toEqual(['before', 'only', 'next', 'behind'])
    behind.end()
    await Promise.all(all)
  })

  it('goes on behind work that failed', async () => {
    const { together, alone } = turns()
    const failing = async (): Promise<never> => {
      throw new Error('no')
    }
    const results = await Promise.allSettled([together(failing), alone(failing), together(async () => 1)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(await alone(async () => 2)).toBe(2)
  })
})
