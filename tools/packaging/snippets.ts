import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../workspace.ts'

export interface Snippet {
  /** The line of its first line of code in the document. */
  readonly line: number
  readonly code: string
}

/** The TypeScript in the fenced blocks of a Markdown file, from the root of the repository. */
export const snippetsOf = (document: string): readonly Snippet[] => {
  const lines = readFileSync(join(root, document), 'utf8').split('\n')
  const snippets: Snippet[] = []
  let start: number | undefined
  for (const [index, line] of lines.entries()) {
    if (start === undefined && /^```ts\b/.test(line)) start = index + 1
    else if (start !== undefined && line.startsWith('```')) {
      snippets.push({ line: start + 1, code: `${lines.slice(start, index).join('\n')}\n` })
      start = undefined
    }
  }
  return snippets
}
