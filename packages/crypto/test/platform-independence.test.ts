import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => relative(source, join(source, path)).split(sep).join('/'))
const isNodeOnly = (path: string) => path === 'node.ts' || path.startsWith('engines/node/')

describe('source outside the node engine', () => {
  it('is found', () => {
    expect(files).toContain('conformance.ts')
    expect(files.filter(isNodeOnly).length).toBeGreaterThan(5)
  })

  it.each(files.filter((path) => !isNodeOnly(path)))('%s mentions neither node: modules nor Buffer', (path) => {
    const text = readFileSync(join(source, path), 'utf8')
    expect(text).not.toMatch(/node:|\bBuffer\b|\brequire\(|\bprocess\./)
  })

  it.each(files.filter((path) => !isNodeOnly(path)))('%s imports nothing of the node engine', (path) => {
    const text = readFileSync(join(source, path), 'utf8')
    expect(text).not.toMatch(/from '[./]*\/(engines\/)?node(\.ts|\/)/)
  })
})

describe('the main entry', () => {
  it('exports the port, its lengths and the default engine only', async () => {
    expect(Object.keys(await import('@bongtu/crypto')).sort()).toEqual(['IV_LENGTH', 'TAG_LENGTH', 'defaultEngine'])
  })
})
