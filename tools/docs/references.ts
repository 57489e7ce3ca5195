import { posix } from 'node:path'

export interface Reference {
  readonly line: number
  /** A path from the root of the repository, or the name of an npm script. */
  readonly target: string
  readonly kind: 'path' | 'script'
}

const linkTarget = /\]\(([^)\s]+)\)/g
const codeSpan = /`([^`]+)`/g
const npmScript = /npm run ([\w:-]+)/g
const schemeOrAnchor = /^([a-z]+:|#|\/)/i
const placeholder = /[*<>{}$…]|\.\.\.|\s/

/**
 * What a Markdown document says exists in the repository: the targets of its relative links, the paths in its code spans
 * that start with one of `folders`, and the npm scripts it tells the reader to run.
 */
export const referencesOf = (document: string, markdown: string, folders: readonly string[]): readonly Reference[] =>
  markdown.split('\n').flatMap((text, index) => {
    const matchesOf = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
    const links = matchesOf(linkTarget)
      .filter((target) => !schemeOrAnchor.test(target))
      .map((target) => posix.join(posix.dirname(document), target.replace(/#.*$/, '')))
    const spans = matchesOf(codeSpan)
      .filter((span) => folders.some((folder) => span.startsWith(`${folder}/`)) && !placeholder.test(span))
      .map((span) => span.replace(/:\d+$/, ''))
    const scripts = matchesOf(npmScript)
    return [
      ...[...links, ...spans].map((target) => ({ line: index + 1, target, kind: 'path' as const })),
      ...scripts.map((target) => ({ line: index + 1, target, kind: 'script' as const })),
    ]
  })
