/** Fails where a document names a file or script that does not exist, or shows TypeScript that does not compile. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { referencesOf } from './docs/references.ts'
import { type Snippet, snippetsOf } from './docs/snippets.ts'
import { readPackageJson, repositoryFiles, root } from './workspace.ts'

const files = repositoryFiles()
const folders = [...new Set(files.map((path) => path.split('/', 1)[0] ?? path)), '.ci']
const scripts = Object.keys(readPackageJson('').scripts ?? {})
const documents = files
  .filter((path) => path.endsWith('.md'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

const missing = documents.flatMap(({ path, text }) =>
  referencesOf(path, text, folders)
    .filter(({ kind, target }) => (kind === 'script' ? !scripts.includes(target) : !existsSync(join(root, target))))
    .map(({ line, kind, target }) => `${path}:${line}: names the ${kind} ${target}, which does not exist`),
)

/** Compiles snippets from source, each as a module of its own, and answers the compiler's complaints at their documents' lines. */
const compile = (snippets: readonly (Snippet & { readonly path: string })[]): readonly string[] => {
  const folder = join(root, 'node_modules/.cache/bongtu-docs')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [index, { code }] of snippets.entries()) writeFileSync(join(folder, `${index}.ts`), `${code}export {}\n`)
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'] }),
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  })
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, index = '', at = '0', message = line] = /^(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? []
      const snippet = snippets[Number(index)]
      return snippet ? `${snippet.path}:${snippet.line + Number(at) - 1}: ${message}` : message
    })
}

const snippets = documents.flatMap(({ path, text }) => snippetsOf(text).map((snippet) => ({ path, ...snippet })))
const wrong = [...missing, ...(snippets.length > 0 ? compile(snippets) : [])]
for (const message of wrong) console.error(message)
console.log(
  `docs: ${documents.length} documents, ${snippets.length} snippets, ${wrong.length === 0 ? 'no' : wrong.length} violations`,
)
process.exitCode = wrong.length === 0 ? 0 : 1
