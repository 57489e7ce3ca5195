export interface Snippet {
  /** The line of its first line of code in the document. */
  readonly line: number
  readonly code: string
}

/** What the fenced blocks of one language hold in a Markdown text; TypeScript by default. */
export const snippetsOf = (markdown: string, language = 'ts'): readonly Snippet[] => {
  const lines = markdown.split('\n')
  const snippets: Snippet[] = []
  let start: number | undefined
  for (const [index, line] of lines.entries()) {
    if (start === undefined && line.trimEnd() === `\`\`\`${language}`) start = index + 1
    else if (start !== undefined && line.startsWith('```')) {
      snippets.push({ line: start + 1, code: `${lines.slice(start, index).join('\n')}\n` })
      start = undefined
    }
  }
  return snippets
}
