import { describe, expect, it } from 'vitest'
import { checkFiles, type Manifest } from '../imports/check.ts'
import { findCycles } from '../imports/cycles.ts'
import { packageRules } from '../imports/rules.ts'
import { scan } from '../imports/scan.ts'

const manifest = (folder: string, name: string, ...declared: string[]): Manifest => ({
  name,
  folder,
  declared: new Set(declared),
})

const manifests = [
  manifest('', 'workspace', 'vitest', 'fast-check'),
  manifest('packages/message-format', '@bongtu/message-format'),
  manifest('packages/crypto', '@bongtu/crypto', '@noble/hashes'),
  manifest('packages/client', '@bongtu/client', '@bongtu/crypto', '@bongtu/message-format'),
  manifest('packages/data-key-cache', '@bongtu/data-key-cache', 'lru-cache'),
  manifest('packages/keyrings', '@bongtu/keyrings', '@bongtu/client', '@aws-sdk/client-kms'),
  manifest('packages/kms', '@bongtu/kms', '@bongtu/crypto'),
  manifest('packages/cli', '@bongtu/cli', '@bongtu/client', 'commander'),
  manifest('examples', '@bongtu/examples'),
]

const complaints = (path: string, text: string): readonly string[] =>
  checkFiles([{ path, text }], manifests).violations.map((one) => `${one.line}: ${one.message}`)

const accepted: readonly (readonly [string, string])[] = [
  ['packages/client/src/encrypt.ts', `import { suites } from '@bongtu/message-format'`],
  ['packages/client/src/node-streams.ts', `import { Transform } from 'node:stream'`],
  ['packages/client/src/node.ts', `export { encryptTransform } from './node-streams.ts'`],
  ['packages/client/test/a.test.ts', `import { it } from 'vitest'\nimport { readFileSync } from 'node:fs'`],
  ['packages/client/test/b.test.ts', `import { rawAes } from '@bongtu/keyrings/raw-aes'`],
  ['packages/crypto/src/engines/node/aead.ts', `import { createCipheriv } from 'node:crypto'\nBuffer.alloc(1)`],
  ['packages/crypto/src/engines/web/random.ts', `globalThis.crypto.getRandomValues(new Uint8Array(1))`],
  ['packages/crypto/src/engines/web/hash.ts', `import { sha384 } from '@noble/hashes/sha2.js'`],
  ['packages/crypto/src/index.ts', `import { engine } from '#default-engine'`],
  [
    'packages/kms/src/api/sign.ts',
    `import type { Hsm } from '../hsm/port.ts'\nimport { openHsm } from '../hsm/factory.ts'`,
  ],
  ['packages/kms/src/hsm/factory.ts', `import { derive } from './derive.ts'`],
  ['packages/kms/test/hsm.test.ts', `import { derive } from '../src/hsm/derive.ts'`],
  ['packages/cli/bin/bongtu.js', `import '../dist/main.js'\nprocess.exitCode = 1`],
  ['packages/cli/src/main.ts', `const { KMSClient } = await import(name)`],
  ['examples/encrypt.ts', `import { encrypt } from '@bongtu/client'`],
]

const refused: readonly (readonly [why: string, path: string, text: string, complaint: RegExp])[] = [
  [
    'message-format importing anything',
    'packages/message-format/src/a.ts',
    `import '@bongtu/crypto'`,
    /may import no package/,
  ],
  [
    'an import against the direction',
    'packages/crypto/src/a.ts',
    `\n\nimport '@bongtu/client'`,
    /^3: .*may not depend on @bongtu\/client/,
  ],
  [
    'a type imported against the direction',
    'packages/crypto/src/a.ts',
    `type K = import('@bongtu/client').Keyring`,
    /may not depend/,
  ],
  ['a re-export against the direction', 'packages/crypto/src/a.ts', `export * from '@bongtu/client'`, /may not depend/],
  [
    'a dynamic import against the direction',
    'packages/crypto/src/a.ts',
    `await import('@bongtu/client')`,
    /may not depend/,
  ],
  ['a foreign dependency', 'packages/client/src/a.ts', `import 'left-pad'`, /may not depend on left-pad/],
  [
    'a dependency that is not declared',
    'packages/crypto/src/a.ts',
    `import '@noble/curves/nist.js'`,
    /does not declare/,
  ],
  ['a sibling that is not declared', 'packages/data-key-cache/src/a.ts', `import '@bongtu/client'`, /does not declare/],
  ['a test dependency nobody declares', 'packages/client/test/a.test.ts', `import 'left-pad'`, /does not declare/],
  ['its own package by name', 'packages/client/src/a.ts', `import '@bongtu/client'`, /own package/],
  ['node:crypto outside crypto', 'packages/kms/src/a.ts', `import 'node:crypto'`, /only @bongtu\/crypto may/],
  ['crypto without its prefix', 'packages/cli/src/a.ts', `import 'crypto'`, /only @bongtu\/crypto may/],
  ['the global crypto outside crypto', 'packages/cli/src/a.ts', `crypto.randomUUID()`, /global crypto/],
  ['crypto by way of globalThis', 'packages/cli/src/a.ts', `globalThis.crypto.subtle`, /global crypto/],
  [
    'node modules in a portable file',
    'packages/client/src/a.ts',
    `import 'node:fs'`,
    /must run in browsers; move it to src\/node/,
  ],
  ['node modules in a portable package', 'packages/message-format/src/a.ts', `import 'fs'`, /may|portable throughout/],
  ['Buffer in a portable file', 'packages/client/src/a.ts', `export const a = Buffer.alloc(1)`, /global Buffer/],
  ['Buffer as a type in a portable file', 'packages/client/src/a.ts', `export type A = Buffer | null`, /global Buffer/],
  ['process in a portable file', 'packages/client/src/a.ts', `if (globalThis.process) {}`, /global process/],
  [
    'the node entry of a sibling in a portable file',
    'packages/client/src/a.ts',
    `import '@bongtu/crypto/node'`,
    /browsers/,
  ],
  [
    'a portable file that leans on a Node file',
    'packages/client/src/a.ts',
    `import './node-streams.ts'`,
    /portable file/,
  ],
  [
    'a relative import across packages',
    'packages/client/src/a.ts',
    `import '../../crypto/src/engine.ts'`,
    /another package/,
  ],
  ['a relative import from an example', 'examples/a.ts', `import '../packages/client/src/index.ts'`, /another package/],
  ['a source that leans on a test', 'packages/client/src/a.ts', `import '../test/fixture.ts'`, /not shipped/],
  ['the inside of the HSM', 'packages/kms/src/api/a.ts', `import '../hsm/derive.ts'`, /goes behind/],
  ['require', 'packages/client/src/a.ts', `require('left-pad')`, /may not depend on left-pad/],
  ['a file that does not parse', 'packages/client/src/a.ts', `import {`, /does not parse/],
]

describe('the import check', () => {
  it.each(accepted)('accepts in %s: %s', (path, text) => {
    expect(complaints(path, text)).toEqual([])
  })

  it.each(refused)('refuses %s', (_why, path, text, complaint) => {
    expect(complaints(path, text).join('\n')).toMatch(complaint)
  })

  it('refuses a package that has no row in the table', () => {
    const unknown = [manifest('packages/utils', '@bongtu/utils')]
    expect(() => checkFiles([{ path: 'packages/utils/src/a.ts', text: '' }], unknown)).toThrow(/no row/)
  })
})

describe('the import scan', () => {
  const names = new Set(['Buffer', 'process', 'crypto'])
  const specifiers = (text: string): readonly string[] => scan('a.ts', text, names).imports.map((one) => one.specifier)
  const globals = (text: string): readonly string[] => scan('a.ts', text, names).globals.map((one) => one.name)

  it('passes over imports in comments, strings, templates and regular expressions', () => {
    const text = [
      `// import 'a'`,
      `/* import 'b' */ const c = "import 'c'"`,
      `\`import "d" \${\`import "e"\`}\``,
      `/import 'f'/.test(c)`,
    ]
    expect(specifiers(text.join('\n'))).toEqual([])
  })

  it('finds imports inside template expressions and after confusing slashes', () => {
    expect(specifiers(`const a = 4 / 2; \`\${await import('b')}\`; const c = /['"]/; import 'd'`)).toEqual(['b', 'd'])
  })

  it('finds an import spread over lines and names the line where it starts', () => {
    expect(scan('a.ts', `\nimport {\n  a,\n  b,\n} from\n  'c'\n`, names).imports).toEqual([
      { specifier: 'c', line: 2, typeOnly: false },
    ])
  })

  it('tells types, which the compiler erases, from values', () => {
    const text = `import type { A } from 'a'\nimport { type B } from 'b'\nimport { type C, d } from 'c'\nexport type { E } from 'e'`
    expect(scan('a.ts', text, names).imports.map((one) => one.typeOnly)).toEqual([true, true, false, true])
  })

  it('does not take members, keys, parameters, imports and type parameters for globals', () => {
    const texts = [
      `a.Buffer; b?.process; class C { Buffer = 1; process() {} }`,
      `const a = { Buffer: 1, process() {} }; type T = { crypto: 1; process(): void }`,
      `function f(process: number) { return process }`,
      `const f = ({ crypto }: { crypto: 1 }) => crypto`,
      `import { Buffer } from './mine.ts'; Buffer.from(1)`,
      `type T<Buffer> = Buffer[]`,
      `type N = Own.Buffer`,
    ]
    expect(texts.map(globals)).toEqual(texts.map(() => []))
  })

  it('finds globals as values, shorthands, computed keys, defaults and types', () => {
    const texts = [
      `f(Buffer)`,
      `f({ Buffer })`,
      `a[Buffer]`,
      `const { a = Buffer } = b`,
      `function f(a: Buffer) {}`,
      `type T = typeof globalThis.Buffer`,
    ]
    expect(texts.map(globals)).toEqual(texts.map(() => ['Buffer']))
  })
})

describe('import cycles', () => {
  it('finds none where imports run one way, diamonds included', () => {
    expect(
      findCycles(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['d']],
          ['c', ['d']],
        ]),
      ),
    ).toEqual([])
  })

  it('names the path that closes a cycle, a file that imports itself too', () => {
    expect(
      findCycles(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['b']],
          ['d', ['d']],
        ]),
      ),
    ).toEqual([
      ['b', 'c', 'b'],
      ['d', 'd'],
    ])
  })

  it('cannot occur between packages, for the table has none', () => {
    expect(findCycles(new Map(Object.entries(packageRules).map(([name, rule]) => [name, rule.packages])))).toEqual([])
  })
})
