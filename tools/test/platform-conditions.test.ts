import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../workspace.ts'

type Conditions = string | { readonly [condition: string]: Conditions }

/** The conditions that each runtime or bundler sets, besides `import` and `default`. */
const runtimes = {
  Node: ['node'],
  Deno: ['deno', 'node'],
  Bun: ['bun', 'node'],
  'Cloudflare workerd': ['workerd', 'worker', 'browser'],
  'esbuild for workerd': ['workerd', 'module', 'node'],
  'Vercel edge': ['edge-light'],
  browsers: ['browser', 'module'],
  'React Native': ['react-native'],
  'service workers': ['worker'],
  'a runtime that sets none': [],
} as const
type Runtime = keyof typeof runtimes

/** Deno has Node's environment, files and channels, and is faster on its own WebCrypto. */
const expected = [
  { folder: 'crypto', name: '#default-engine', onNode: ['Node', 'Bun'] },
  { folder: 'data-key-cache', name: '#diagnostics', onNode: ['Node', 'Bun', 'Deno'] },
  { folder: 'keyrings', name: '#platform', onNode: ['Node', 'Bun', 'Deno'] },
] as const satisfies readonly { folder: string; name: string; onNode: readonly Runtime[] }[]

/** The file of the first condition that is set, as Node's algorithm finds it. */
function resolved(conditions: Conditions, set: ReadonlySet<string>): string | undefined {
  if (typeof conditions === 'string') return conditions
  for (const [condition, target] of Object.entries(conditions)) {
    if (condition !== 'default' && !set.has(condition)) continue
    const file = resolved(target, set)
    if (file !== undefined) return file
  }
  return undefined
}

describe.each(expected)('$name', ({ folder, name, onNode }) => {
  const { imports } = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))
  const fileFor = (...conditions: readonly string[]) =>
    resolved(imports[name], new Set(['import', ...conditions])) ?? ''
  const nodeFile = { built: fileFor('node'), source: fileFor('@bongtu/source', 'node') }

  it.each(Object.keys(runtimes) as Runtime[])('is the right file on %s, built and from source', (runtime) => {
    const usesNode = (onNode as readonly Runtime[]).includes(runtime)
    const source = fileFor('@bongtu/source', ...runtimes[runtime])
    expect(fileFor(...runtimes[runtime]) === nodeFile.built).toBe(usesNode)
    expect(source === nodeFile.source).toBe(usesNode)
    expect(existsSync(join(root, 'packages', folder, source))).toBe(true)
  })
})
