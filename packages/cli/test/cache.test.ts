import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { awsKeys, awsKmsServer, seed } from './support/aws.ts'
import { bongtu } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const FILES = 40
const unsigned = ['--suite', '0478']

/** How many requests for an operation a KMS answered. */
async function calls(url: string, operation: string): Promise<number> {
  const [accessKey] = seed.credentials ?? []
  const basic = Buffer.from(`${accessKey?.accessKeyId}:${accessKey?.secretAccessKey}`).toString('base64')
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Basic ${basic}` } })).text()
  const lines = text
    .split('\n')
    .filter((line) => line.includes(`operation="${operation}"`) && line.includes('_requests_total'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

async function plainFiles(length = 10): Promise<void> {
  await mkdir(folder.at('plain'))
  for (let file = 0; file < FILES; file++)
    await writeFile(folder.at('plain', `${file}`), `${file} `.padEnd(length, 'x'))
}

/** Runs a command line over many files, and answers what it says of each. */
async function reports(argv: readonly string[]): Promise<{ dataKeyCached: boolean; error?: { code: string } }[]> {
  const { code, stdout, stderr } = await bongtu([...argv, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const cached = (facts: readonly { dataKeyCached: boolean }[]): number =>
  facts.filter(({ dataKeyCached }) => dataKeyCached).length

describe('--cache', () => {
  it('makes one call for many files, in both directions, and says of each whether its key was cached', async () => {
    const { url } = await awsKmsServer()
    await plainFiles()
    const common = ['-r', '-k', `aws-kms:${awsKeys.first}`, '--cache', 'max-age=10m']
    const encrypted = await reports(['encrypt', folder.at('plain'), '-o', folder.at('sealed'), ...unsigned, ...common])
    expect([encrypted.length, cached(encrypted), await calls(url, 'GenerateDataKey')]).toEqual([FILES, FILES - 1, 1])
    const decrypted = await reports(['decrypt', folder.at('sealed'), '-o', folder.at('back'), ...common])
    expect([decrypted.length, cached(decrypted), await calls(url, 'Decrypt')]).toEqual([FILES, FILES - 1, 1])
    for (const name of await readdir(folder.at('plain'))) {
      expect(await readFile(folder.at('back', name))).toEqual(await readFile(folder.at('plain', name)))
    }
  })

  it('is not used unless it is asked for', async () => {
    const { url } = await awsKmsServer()
    await plainFiles()
    const key = `aws-kms:${awsKeys.first}`
    const encrypted = await reports([
      'encrypt',
      '-r',
      folder.at('plain'),
      '-o',
      folder.at('sealed'),
      '-k',
      key,
      ...unsigned,
    ])
    expect([cached(encrypted), await calls(url, 'GenerateDataKey')]).toEqual([0, FILES])
  })

  it('makes as many calls as max-messages asks for', async () => {
    const { url } = await awsKmsServer()
    await plainFiles()
    const common = ['-r', '-k', `aws-kms:${awsKeys.first}`]
    const limits = ['--cache', 'max-age=600s,max-messages=10,capacity=5']
    await reports(['encrypt', folder.at('plain'), '-o', folder.at('sealed'), ...unsigned, ...common, ...limits])
    expect(await calls(url, 'GenerateDataKey')).toBe(FILES / 10)
    await reports(['decrypt', folder.at('sealed'), '-o', folder.at('back'), ...common, '--cache', 'max-age=600'])
    expect(await calls(url, 'Decrypt')).toBe(FILES / 10)
  })

  it('holds data keys to max-bytes exactly, as files say how long they are', async () => {
    const { url } = await awsKmsServer()
    await plainFiles(100)
    const common = ['-r', '-k', `aws-kms:${awsKeys.first}`, ...unsigned, '--cache', 'max-age=1h,max-bytes=1000']
    await reports(['encrypt', folder.at('plain'), '-o', folder.at('sealed'), ...common])
    expect(await calls(url, 'GenerateDataKey')).toBe(FILES / 10)
    await rm(folder.at('sealed'), { recursive: true })
    await writeFile(folder.at('plain', '0'), 'x'.repeat(1001))
    const facts = await reports(['encrypt', folder.at('plain'), '-o', folder.at('sealed'), ...common])
    expect(FILES - cached(facts)).toBe(5)
  })

  it.each([
    'max-age=600',
    'max-age=10m',
    'capacity=1,max-age=1d,max-messages=4294967296,max-bytes=9223372036854775807',
  ])('takes %s', async (limits) => {
    const key = await aesKey(folder.path)
    const { code, stderr } = await bongtu(['encrypt', '-k', key, '--cache', limits], { stdin: 'x' })
    expect([code, stderr]).toEqual([0, ''])
  })

  it.each([
    ['', 'with the names capacity, max-age, max-messages, max-bytes'],
    ['max-age', 'name=value'],
    ['max_age=600', 'max-age'],
    ['__proto__=1', 'max-age'],
    ['max-age=600,max-age=600', 'twice'],
    ['capacity=10', 'max-age'],
    ['max-age=10y', '600s'],
    ['max-age=-1', '600s'],
    ['max-age=1.5', '600s'],
    ['max-age=600,max-messages=many', 'whole number'],
    ['max-age=600,max-bytes=0x10', 'whole number'],
    ['max-age=0', 'maxAge'],
    ['max-age=25d', 'maxAge'],
    ['max-age=600,capacity=0', 'capacity'],
    ['max-age=600,max-messages=0', 'maxMessages'],
    ['max-age=600,max-messages=4294967297', 'maxMessages'],
    ['max-age=600,max-bytes=9223372036854775808', 'maxBytes'],
  ])('refuses %j as a mistake of the command line', async (limits, says) => {
    const key = await aesKey(folder.path)
    for (const command of ['encrypt', 'decrypt']) {
      const { code, stdout, stderr } = await bongtu([command, '-k', key, '--cache', limits], { stdin: 'x' })
      expect([code, stdout.length]).toEqual([2, 0])
      expect(stderr).toContain(says)
    }
  })
})
