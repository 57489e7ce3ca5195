import { existsSync, readFileSync } from 'node:fs'
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Snippet, snippetsOf } from '../docs/snippets.ts'
import { readPackageJson, root, workspaceFolders } from '../workspace.ts'
import { run, temporaryFolder } from './checkout.ts'

const published = workspaceFolders()
  .filter((folder) => folder.startsWith('packages/'))
  .map((folder) => readPackageJson(folder))

const entries = published.flatMap((json) =>
  Object.keys(json.exports ?? {})
    .filter((key) => key !== './package.json')
    .map((key) => key.replace(/^\./, json.name)),
)
const portableEntries = entries.filter((entry) => !/^@bongtu\/(hsm|kms|cli)\b|\/node$/.test(entry))
const namespaces = (specifiers: readonly string[]): string =>
  specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}'\n`).join('')

const { '@types/node': typesOfNode, '@aws-sdk/client-kms': versionOfSdk } = readPackageJson('').devDependencies ?? {}

const strict = {
  target: 'es2023',
  lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
}

const checkout = inject('checkout')
let tarballs: string
let consumer: string

const tarballOf = (name: string, version: unknown): string =>
  join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)

beforeAll(async () => {
  tarballs = await temporaryFolder('tarballs')
  consumer = await temporaryFolder('consumer')
  const workspaces = published.flatMap(({ name }) => ['-w', name])
  await run(checkout, 'npm', 'pack', ...workspaces, '--pack-destination', tarballs)
})

afterAll(() => Promise.all([tarballs, consumer].map((folder) => rm(folder, { recursive: true, force: true }))))

describe('a fresh clone, installed and built', () => {
  it('runs the command by its name', async () => {
    const { stdout } = await run(checkout, 'npx', '--no-install', 'bongtu', '--version')
    expect(stdout.trim()).toBe(readPackageJson('packages/cli').version)
  })

  it('runs the demo, which compares what it decrypted with what it encrypted', async () => {
    const { stdout } = await run(checkout, process.execPath, 'tools/demo.mjs')
    expect(stdout.match(/: identical$/gm)).toHaveLength(2)
  })
})

describe('the packed tarballs', () => {
  it.each(published)('publint finds nothing wrong with $name', async ({ name, version }) => {
    const { buffer, byteOffset, byteLength } = await readFile(tarballOf(name, version))
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })
})

describe('a project that installs the tarballs', () => {
  const snippets = snippetsOf(readFileSync(join(root, 'README.md'), 'utf8'))
  const fileOf = ({ line }: Snippet): string => `readme-line-${line}.ts`

  const typeCheck = async (options: object, files: readonly string[]): Promise<void> => {
    const config = { compilerOptions: { ...strict, ...options }, files }
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify(config))
    await run(consumer, process.execPath, join(checkout, 'node_modules/typescript/bin/tsc'), '-p', '.')
  }

  beforeAll(async () => {
    await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
    const specs = published.map(({ name, version }) => tarballOf(name, version))
    await run(consumer, 'npm', 'install', '--prefer-offline', `@types/node@${typesOfNode}`, ...specs)
    await copyFile(join(root, 'README.md'), join(consumer, 'README.md'))
    await writeFile(join(consumer, 'entries.ts'), namespaces(entries))
    await writeFile(join(consumer, 'portable.ts'), namespaces(portableEntries))
    await Promise.all(snippets.map((snippet) => writeFile(join(consumer, fileOf(snippet)), snippet.code)))
  })

  it.each(['nodenext', 'bundler'])('type-checks every entry under %s resolution', async (resolution) => {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext'
    await typeCheck({ module, moduleResolution: resolution, types: ['node'] }, ['entries.ts'])
  })

  it('type-checks the portable entries without the types of Node', async () => {
    await typeCheck({ module: 'esnext', moduleResolution: 'bundler', types: [] }, ['portable.ts'])
  })

  it.each(entries)('imports %s', async (entry) => {
    await run(consumer, process.execPath, '--input-type=module', '--eval', `await import('${entry}')`)
  })

  describe('and the AWS SDK, which none of them brings along', () => {
    beforeAll(async () => {
      expect(existsSync(join(consumer, 'node_modules/@aws-sdk'))).toBe(false)
      await run(consumer, 'npm', 'install', '--prefer-offline', `@aws-sdk/client-kms@${versionOfSdk}`)
    })

    it.each(snippets)('runs the README from line $line', async (snippet) => {
      const file = fileOf(snippet)
      await typeCheck({ module: 'nodenext', types: ['node'], noEmit: false, outDir: 'out', skipLibCheck: true }, [file])
      await run(consumer, process.execPath, join('out', file.replace(/ts$/, 'js')))
    })
  })
})
