import { readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { type Snippet, snippetsOf } from '../docs/snippets.ts'
import { root } from '../workspace.ts'
import { run, temporaryFolder } from './checkout.ts'
import { type DocumentedBlock, documentedBlocks, documentsAboutAws } from './documented-blocks.ts'
import { runSession } from './shell-session.ts'

const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))
const documents = ['README.md', ...pages.map((name) => `docs/${name}`)].map((document) => ({
  document,
  blocks: snippetsOf(readFileSync(join(root, document), 'utf8'), 'sh'),
}))

const rowsOf = (document: string, { code }: Snippet): readonly DocumentedBlock[] =>
  documentedBlocks.filter((row) => row.document === document && code.startsWith(row.begins))

/** The lines of a block with its placeholders filled in, between what comes before and after it. */
function linesOf(document: string, block: Snippet): string {
  const [row] = rowsOf(document, block)
  if (row?.excepted !== undefined) return ''
  const { before = '', after = '', values = {} } = row ?? {}
  const code = Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), block.code)
  return [before, `echo '${document}:${block.line}' >&2`, code, after].join('\n')
}

describe('the shell blocks of the documents', () => {
  it('are each in one row of the table at most, and each row has its block', () => {
    for (const row of documentedBlocks) {
      const found = documents.find(({ document }) => document === row.document)?.blocks ?? []
      expect([row.begins, found.filter(({ code }) => code.startsWith(row.begins)).length]).toEqual([row.begins, 1])
    }
    for (const { document, blocks } of documents) {
      for (const block of blocks) expect(rowsOf(document, block).length).toBeLessThanOrEqual(1)
    }
  })

  it('install something where they are excepted', () => {
    for (const row of documentedBlocks.filter(({ excepted }) => excepted !== undefined)) {
      expect(row.begins).toMatch(/\b(npm ci|npm install|apt-get install)\b/)
    }
  })

  it.each(documents.filter(({ blocks }) => blocks.length > 0))('$document: they run as printed', async (each) => {
    const { document, blocks } = each
    const scratch = await temporaryFolder('session')
    onTestFinished(() => rm(scratch, { recursive: true, force: true }))
    const tree = join(scratch, 'tree')
    await run(scratch, 'cp', '--archive', '--link', inject('checkout'), tree)
    const lines = blocks.map((block) => linesOf(document, block)).join('\n')
    await runSession({ tree, scratch, lines, standsInForAws: documentsAboutAws.includes(document) })
  })
})
