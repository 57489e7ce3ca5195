import { describe, expect, it } from 'vitest'
import { referencesOf } from '../docs/references.ts'
import { snippetsOf } from '../docs/snippets.ts'

describe('what a document refers to', () => {
  const targets = (text: string): readonly string[] =>
    referencesOf('docs/page.md', text, ['packages', 'tools', '.ci']).map(
      ({ line, kind, target }) => `${line} ${kind} ${target}`,
    )

  it('is where its relative links lead, seen from its own folder and without their anchors', () => {
    expect(targets('\nsee [this](format.md#header) and [that](../README.md)')).toEqual([
      '2 path docs/format.md',
      '2 path README.md',
    ])
  })

  it('is not on the web, in the same page, or outside of the repository', () => {
    expect(targets('[a](https://example.com/b) [c](#d) [e](mailto:f@example.com)')).toEqual([])
  })

  it('is what its code spans name below the folders of the repository', () => {
    expect(targets('`packages/client/src/range.ts:12`, `.ci/run`, `tools/`, `other/thing`')).toEqual([
      '1 path packages/client/src/range.ts',
      '1 path .ci/run',
      '1 path tools/',
    ])
  })

  it('is not a pattern or a placeholder', () => {
    expect(targets('`packages/*/src`, `packages/<name>`, `tools/a b`')).toEqual([])
  })

  it('is the npm scripts to run', () => {
    expect(targets('then `npm run test:packaging -- -t x` and `npm run soak`')).toEqual([
      '1 script test:packaging',
      '1 script soak',
    ])
  })
})

describe('the snippets of a document', () => {
  it('are its fenced TypeScript, with the line where the code starts', () => {
    expect(snippetsOf('# a\n```ts\nconst a = 1\n```\n```sh\nls\n```\n```ts\nb\nc\n```\n')).toEqual([
      { line: 3, code: 'const a = 1\n' },
      { line: 9, code: 'b\nc\n' },
    ])
  })

  it('are those of another language where it is named', () => {
    expect(snippetsOf('```ts\na\n```\n```sh\nls\n```\n', 'sh')).toEqual([{ line: 5, code: 'ls\n' }])
  })

  it('are not other languages whose names begin alike', () => {
    expect(snippetsOf('```tsx\na\n```\n')).toEqual([])
  })
})
