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

/** The least TypeScript that the README names. */
const oldestCompiler = '5.7.3'

const { '@types/node': typesOfNode, '@aws-sdk/client-kms': versionOfSdk } = readPackageJson('').devDependencies ?? {}

const strict = {
  target: 'es2022',
  lib: ['es2022', 'dom'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  noEmit: true,
}

/** What a program in a browser begins with. */
const inBrowser = `import { dataKeyCache, decrypt, encrypt, encryptStream, openRange, rawAes } from 'bongtu'
const keyring = rawAes({ namespace: 'demo', name: 'one', key: new Uint8Array(32) })
const { ciphertext } = await encrypt(new Uint8Array(3), { keyring })
const { plaintext } = await decrypt(ciphertext, { keyring })
const range = await openRange(ciphertext, { keyring, unverified: 'release' })
const blob = new Blob([ciphertext, plaintext, await range.read(0, 1)])
export const response = new Response(blob.stream().pipeThrough(encryptStream({ keyring })))
dataKeyCache({ maxAge: 1000, capacity: 3 })[Symbol.dispose]()
`

const checkout = inject('checkout')
let tarballs: string
let compilers: string
let consumer: string

const tarballOf = (name: string, version: unknown): string =>
  join(tarballs, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)

beforeAll(async () => {
  tarballs = await temporaryFolder('tarballs')
  consumer = await temporaryFolder('consumer')
  compilers = await temporaryFolder('compilers')
  const workspaces = published.flatMap(({ name }) => ['-w', name])
  await run(checkout, 'npm', 'pack', ...workspaces, '--pack-destination', tarballs)
})

afterAll(() =>
  Promise.all([tarballs, consumer, compilers].map((folder) => rm(folder, { recursive: true, force: true }))),
)

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

  const newest = join(checkout, 'node_modules/typescript/bin/tsc')
  const typeCheck = async (options: object, files: readonly string[], compiler = newest): Promise<void> => {
    const config = { compilerOptions: { ...strict, ...options }, files }
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify(config))
    await run(consumer, process.execPath, compiler, '-p', '.')
  }

  beforeAll(async () => {
    await writeFile(join(consumer, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
    const specs = published.map(({ name, version }) => tarballOf(name, version))
    await run(consumer, 'npm', 'install', '--prefer-offline', `@types/node@${typesOfNode}`, ...specs)
    await copyFile(join(root, 'README.md'), join(consumer, 'README.md'))
    await writeFile(join(consumer, 'entries.ts'), namespaces(entries))
    await writeFile(join(consumer, 'portable.ts'), namespaces(portableEntries))
    await writeFile(join(consumer, 'browser.ts'), inBrowser)
    await run(compilers, 'npm', 'install', '--prefer-offline', `typescript@${oldestCompiler}`)
    await Promise.all(snippets.map((snippet) => writeFile(join(consumer, fileOf(snippet)), snippet.code)))
  })

  it.each(['nodenext', 'bundler'])('type-checks every entry under %s resolution', async (resolution) => {
    const module = resolution === 'nodenext' ? 'nodenext' : 'esnext'
    await typeCheck({ module, moduleResolution: resolution, types: ['node'] }, ['entries.ts'])
  })

  it.each(['the newest', 'the oldest'])(
    'type-checks the portable entries with %s TypeScript, without the types of Node',
    async (age) => {
      const compiler = age === 'the newest' ? newest : join(compilers, 'node_modules/typescript/bin/tsc')
      const options = { module: 'esnext', moduleResolution: 'bundler', types: [] }
      await typeCheck(options, ['portable.ts', 'browser.ts'], compiler)
    },
  )

  it('builds with webpack, without the AWS SDK and without a warning', async () => {
    await run(compilers, 'npm', 'install', '--prefer-offline', 'webpack@5.113.0', 'webpack-cli@6.0.1')
    await writeFile(join(consumer, 'aws.js'), "import { awsKms } from 'bongtu'\nexport const make = awsKms\n")
    const webpack = join(compilers, 'node_modules/webpack/bin/webpack.js')
    const args = ['--entry', './aws.js', '--mode', 'production', '--output-path', 'built', '--target']
    for (const target of ['web', 'node']) {
      const { stdout } = await run(consumer, process.execPath, webpack, ...args, target)
      expect(stdout).toMatch(/compiled successfully/)
    }
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
