import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '../../src')
const hsm = join(src, 'hsm') + sep
const DOORS = [join(hsm, 'port.ts'), join(hsm, 'factory.ts')]
const IMPORT = /(?:from|import|import\()\s*'(\.[^']*)'/g

function sources(): string[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(src, name))
}

describe('the trust boundary', () => {
  it('nothing outside src/hsm imports from it except the port and the factory', () => {
    const breaches = sources()
      .filter((file) => !file.startsWith(hsm))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(IMPORT)]
          .map(([, target = '']) => resolve(dirname(file), target))
          .filter((target) => target.startsWith(hsm) && !DOORS.includes(target))
          .map((target) => `${relative(src, file)} imports ${relative(src, target)}`),
      )
    expect(breaches).toEqual([])
  })

  it('nothing in src/hsm imports what is outside, so no backing key is handed to it', () => {
    const breaches = sources()
      .filter((file) => file.startsWith(hsm))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(IMPORT)]
          .map(([, target = '']) => resolve(dirname(file), target))
          .filter((target) => !target.startsWith(hsm))
          .map((target) => `${relative(src, file)} imports ${relative(src, target)}`),
      )
    expect(breaches).toEqual([])
  })

  it('§9.24 randomness comes from the crypto package alone, which takes it from the operating system', () => {
    const others = sources().filter((file) => /Math\.random|from 'node:crypto'/.test(readFileSync(file, 'utf8')))
    expect(others.map((file) => relative(src, file))).toEqual([])
  })
})
