import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { CommandSpec, Example, Leaf } from '../src/commands/command.ts'
import { commands } from '../src/commands/table.ts'
import { exitCodeOf, exitCodes } from '../src/exit-codes.ts'
import { schemes } from '../src/key-uri/schemes.ts'
import { program } from '../src/program.ts'
import { bongtu, silentIo } from './support/bongtu.ts'

const leaves = (specs: readonly CommandSpec[], path: readonly string[] = []): { path: string[]; leaf: Leaf }[] =>
  specs.flatMap((spec) =>
    'commands' in spec ? leaves(spec.commands, [...path, spec.name]) : [{ path: [...path, spec.name], leaf: spec }],
  )

/** The bongtu commands of a shell line, as a shell would split them. */
const commandLines = (line: string): string[][] =>
  line
    .split(/\||&&|\$\(|\)|[<>]\s*\S+/)
    .map((part) => part.trim())
    .filter((part) => part.startsWith('bongtu '))
    .map((part) => [...part.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1))

const all = leaves(commands)
const examples: [string, Example, Leaf][] = all.flatMap(({ path, leaf }) =>
  leaf.examples.map((example): [string, Example, Leaf] => [path.join(' '), example, leaf]),
)

describe('help', () => {
  it.each(all.map(({ path }) => path.join(' ')))('of %s shows its examples, on standard output', async (path) => {
    const { code, stdout, stderr } = await bongtu([...path.split(' '), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.toString()).not.toMatch(/default: (false|\[\])/)
    expect(stdout.toString()).toMatch(/Examples:\n {2}# .*\n {2}.*bongtu /)
  })

  it('of the whole names every command, every kind of key, and every exit code', async () => {
    const { code, stdout } = await bongtu(['--help'])
    expect(code).toBe(0)
    const text = stdout.toString()
    for (const { name } of commands) expect(text).toMatch(new RegExp(`^  ${name} `, 'm'))
    for (const { form } of Object.values(schemes)) expect(text).toContain(form)
    for (const exit of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`\\b${exit}\\b`))
    expect(Object.values(exitCodeOf).every((exit) => text.includes(`  ${exit}  `))).toBe(true)
  })

  it('is shown where no command is given, as a mistake', async () => {
    const { code, stderr } = await bongtu([])
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('Usage: bongtu')
  })

  it('tells the version of the package', async () => {
    const json = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
    expect((await bongtu(['--version'])).stdout.toString()).toBe(`${json.version}\n`)
  })
})

describe('the examples', () => {
  it.each(examples)('of %s parse: $does', async (_path, { line }, leaf) => {
    const parsed: Leaf[] = []
    const lines = commandLines(line)
    expect(lines.length).toBeGreaterThan(0)
    const io = silentIo()
    for (const argv of lines) {
      await program(io, async (one) => void parsed.push(one)).parseAsync(argv, { from: 'user' })
    }
    expect(parsed).toContain(leaf)
  })
})

it('names every variable of the environment that is its own', async () => {
  const source = new URL('../src/', import.meta.url)
  const files = (await readdir(source, { recursive: true })).filter((name) => name.endsWith('.ts'))
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, source), 'utf8')))
  const used = new Set(texts.join('').match(/\bBONGTU_[A-Z0-9_]+/g))
  const help = (await bongtu(['--help'])).stdout.toString()
  for (const name of used) expect(help).toMatch(new RegExp(`^  ${name} `, 'm'))
})

describe('a mistake', () => {
  it.each([
    [['frobnicate'], 'unknown command'],
    [['encryp'], 'Did you mean encrypt'],
    [['encrypt', '--frob'], 'unknown option'],
    [['range'], 'missing required argument'],
    [['range', 'a', 'b'], 'too many arguments'],
    [['keygen', 'raw-aes'], 'required option'],
  ])('%j ends with code 2 and says what is wrong', async (argv, words) => {
    const { code, stdout, stderr } = await bongtu(argv)
    expect(code).toBe(2)
    expect(stdout).toHaveLength(0)
    expect(stderr).toMatch(/^bongtu: /)
    expect(stderr).toContain(words)
  })
})

describe('loading', () => {
  it('brings in nothing heavy before a command runs', async () => {
    const seen = new Set<string>()
    const packages = new Set<string>()
    const visit = async (url: URL): Promise<void> => {
      if (seen.has(url.href)) return
      seen.add(url.href)
      const text = await readFile(url, 'utf8')
      // Types alone leave no trace at run time; import() is what loads later.
      for (const [, specifier = ''] of text.matchAll(/^(?:import|export)(?! type)[^'"]*?from '([^']+)'/gm)) {
        if (specifier.startsWith('.')) await visit(new URL(specifier, url))
        else if (!specifier.startsWith('node:')) packages.add(specifier)
      }
    }
    await visit(new URL('../src/main.ts', import.meta.url))
    expect(seen.size).toBeGreaterThan(10)
    expect([...packages].sort()).toEqual(['@bongtu/message-format', 'commander'])
  })
})
