import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { suiteById } from '@bongtu/message-format'
import { zipSync } from 'fflate'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateVectors } from '../src/jobs/vectors-generate.ts'
import { fullPlan, type VectorPlan } from '../src/test-vectors/plan.ts'
import { bongtu, silentIo } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const { 'rsa-pkcs1': pkcs1, ...openable } = fullPlan.keyKinds

const smallPlan: VectorPlan = {
  ...fullPlan,
  suites: [0x0014, 0x0214, 0x0578].map(suiteById),
  frameLengths: [16],
  sizes: () => [0, 17],
  keyKinds: openable,
}

const last = (stdout: Buffer): string => stdout.toString().trimEnd().split('\n').at(-1) ?? ''
const run = async (source: string, ...options: string[]) => {
  const answer = await bongtu(['vectors', 'run', source, ...options])
  return { ...answer, line: last(answer.stdout) }
}
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

describe('vectors generate', () => {
  it('writes every combination, which vectors run opens', async () => {
    await generateVectors(folder.at('vectors'), {}, silentIo(), smallPlan)
    const combinations = 3 * 2 * Object.keys(fullPlan.contexts).length * Object.keys(openable).length
    expect(await run(folder.at('vectors'))).toMatchObject({ code: 0, line: `${combinations} passed, 0 failed` })
    expect(Object.keys((await json(folder.at('vectors/manifest.json'))).tests)).toHaveLength(combinations)
  })

  it('plans every suite, sizes around the frame length, and every kind of key', () => {
    expect(fullPlan.suites).toHaveLength(11)
    expect(fullPlan.sizes(16)).toEqual([0, 1, 15, 16, 17])
    expect(fullPlan.sizes(1)).toEqual([0, 1, 2])
    expect(Object.keys(fullPlan.keyKinds)).toHaveLength(9)
  })

  it('writes into no folder that holds something, and leaves nothing when it is stopped', async () => {
    await mkdir(folder.at('full'))
    await writeFile(folder.at('full/file'), '')
    expect(await bongtu(['vectors', 'generate', folder.at('full')])).toMatchObject({ code: 1 })
    const signal = AbortSignal.abort(new Error('stop'))
    await expect(generateVectors(folder.at('new'), {}, { ...silentIo(), signal }, smallPlan)).rejects.toThrow('stop')
    expect(await folder.list()).toEqual(['full', 'full/file'])
  })
})

describe('vectors run', () => {
  const aes = { type: 'symmetric', encrypt: true, decrypt: true, algorithm: 'aes', bits: 256, encoding: 'base64' }
  const material = Buffer.alloc(32, 1).toString('base64')
  const raw = { type: 'raw', key: 'key1', 'provider-id': 'demo', 'encryption-algorithm': 'aes' }
  const kms = { type: 'aws-kms', key: 'some-key' }
  const positive = { output: { plaintext: 'file://plain' } }
  const negative = { error: { 'error-description': 'should fail' } }
  let signed: Buffer
  let unsigned: Buffer

  beforeEach(async () => {
    const key = await aesKey(folder.path)
    const encrypt = async (...options: string[]) =>
      (await bongtu(['encrypt', '-k', key, ...options], { stdin: 'text' })).stdout
    signed = await encrypt()
    unsigned = await encrypt('--suite', '0478', '-c', 'user=x', '--required-context', 'user')
  })

  const manifest = (version: number, tests: object) => ({
    manifest: { type: 'awses-decrypt', version },
    client: { name: 'someone', version: '1' },
    keys: 'file://keys.json',
    tests,
  })
  const keys = {
    manifest: { type: 'keys', version: 3 },
    keys: { key1: { ...aes, material, 'key-id': 'key1' }, 'some-key': { type: 'aws-kms' } },
  }
  const write = async (root: string, decryptManifest: object, keysManifest: object = keys): Promise<string> => {
    await mkdir(folder.at(root), { recursive: true })
    const files = { manifest: JSON.stringify(decryptManifest), keys: JSON.stringify(keysManifest) }
    await writeFile(folder.at(root, 'manifest.json'), files.manifest)
    await writeFile(folder.at(root, 'keys.json'), files.keys)
    await writeFile(folder.at(root, 'signed'), signed)
    await writeFile(folder.at(root, 'unsigned'), unsigned)
    await writeFile(folder.at(root, 'plain'), 'text')
    await writeFile(folder.at(root, 'other'), 'another text')
    return folder.at(root)
  }
  const signedCase = { ciphertext: 'file://signed', 'master-keys': [raw] }
  const unsignedCase = { ciphertext: 'file://unsigned', 'master-keys': [raw], 'encryption-context': { user: 'x' } }

  it('reads version 1, whose keys are written in lines', async () => {
    const tests = { one: { ...signedCase, plaintext: 'file://plain' } }
    const lines = { ...aes, 'line-separator': '', material: [material.slice(0, 10), material.slice(10)] }
    const source = await write('v1', manifest(1, tests), {
      manifest: { type: 'keys', version: 1 },
      keys: { key1: lines },
    })
    expect(await run(source)).toMatchObject({ code: 0, line: '1 passed, 0 failed' })
  })

  it.each([2, 3, 4])('reads version %i, positive and negative', async (version) => {
    const tests = {
      opens: { ...signedCase, result: positive },
      'opens under its required context': { ...unsignedCase, cmm: 'RequiredEncryptionContext', result: positive },
      'is refused without it': { ...unsignedCase, 'encryption-context': { user: 'y' }, result: negative },
      'streams unsigned': { ...unsignedCase, 'decryption-method': 'streaming-unsigned-only', result: positive },
      'does not stream signed': { ...signedCase, 'decryption-method': 'streaming-unsigned-only', result: negative },
      'opens beside a key that is not here': { ...signedCase, 'master-keys': [kms, raw], result: positive },
    }
    expect(await run(await write('v', manifest(version, tests)))).toMatchObject({ code: 0, line: '6 passed, 0 failed' })
  })

  it('reads version 5', async () => {
    const scenario = (fields: object) => ({ 'decryption-scenario': { ciphertext: 'file://unsigned', ...fields } })
    const required = {
      type: 'required-encryption-context-cmm',
      underlying: raw,
      requiredEncryptionContextKeys: ['user'],
    }
    const several = { type: 'multi-keyring', generator: kms, childKeyrings: [raw] }
    const context = { 'reproduced-encryption-context': { user: 'x' } }
    const opens = { type: 'positive-esdk', result: 'file://plain' }
    const tests = {
      a: scenario({ ...opens, decryptKeyDescription: required, ...context }),
      b: scenario({ ...opens, decryptKeyDescription: several, ...context }),
      c: scenario({ type: 'negative-decrypt-esdk', decryptKeyDescription: raw, 'error-description': 'context' }),
      d: scenario({ ...opens, decryptKeyDescription: { type: 'raw-ecdh' }, ...context }),
    }
    const { code, stdout, line } = await run(await write('v5', manifest(5, tests)))
    expect([code, line]).toEqual([0, '3 passed, 0 failed, 1 skipped'])
    expect(stdout.toString()).toContain('skipped d: needs a raw ECDH keyring')
  })

  it('fails what opens and should not, what opens to something else, and what does not open', async () => {
    const wrongName = { ...raw, 'provider-id': 'other' }
    const tests = {
      a: { ...signedCase, result: negative },
      b: { ...signedCase, result: { output: { plaintext: 'file://other' } } },
      c: { ...signedCase, 'master-keys': [wrongName], result: positive },
      d: { ...signedCase, ciphertext: 'file://missing', result: positive },
      e: { ...signedCase, ciphertext: 'file://plain', result: negative },
    }
    const { code, stdout, line } = await run(await write('bad', manifest(2, tests)), '--json', folder.at('report.json'))
    expect([code, line]).toEqual([1, '1 passed, 4 failed'])
    expect(stdout.toString()).toMatch(
      /failed a: opened, and should be refused\nfailed b: opened to another plaintext\nfailed c: ERR_NO_KEY.*\nfailed d: ENOENT/,
    )
    expect(await json(folder.at('report.json'))).toMatchObject({
      passed: 1,
      failed: 4,
      skipped: 0,
      results: expect.arrayContaining([{ id: 'e', outcome: 'passed' }]),
    })
  })

  it('skips what needs AWS KMS, negative cases too, and names each', async () => {
    const only = { ...signedCase, 'master-keys': [kms] }
    const both = { ...signedCase, 'master-keys': [raw, kms] }
    const tests = {
      a: { ...only, result: positive },
      b: { ...only, result: negative },
      c: { ...both, result: negative },
    }
    const { stdout, line } = await run(await write('kms', manifest(2, tests)))
    expect(line).toBe('0 passed, 0 failed, 3 skipped')
    expect(stdout.toString().match(/^skipped [abc]: needs AWS KMS$/gm)).toHaveLength(3)
  })

  it('reads a zip archive, a manifest by its name, and other keys', async () => {
    const source = await write('v', manifest(2, { a: { ...signedCase, result: positive } }))
    const names = ['manifest.json', 'keys.json', 'signed', 'plain']
    const entries = await Promise.all(names.map(async (name) => [`deep/${name}`, await readFile(`${source}/${name}`)]))
    await writeFile(folder.at('v.zip'), zipSync(Object.fromEntries(entries)))
    expect(await run(folder.at('v.zip'))).toMatchObject({ code: 0, line: '1 passed, 0 failed' })
    expect(await run(`${source}/manifest.json`)).toMatchObject({ code: 0, line: '1 passed, 0 failed' })
    await writeFile(
      folder.at('keys.json'),
      JSON.stringify({ ...keys, keys: { key1: { ...aes, material: Buffer.alloc(32, 2).toString('base64') } } }),
    )
    expect(await run(source, '--keys', folder.at('keys.json'))).toMatchObject({ code: 1, line: '0 passed, 1 failed' })
  })

  it('runs nothing for a report that may not be written', async () => {
    const source = await write('v', manifest(2, { a: { ...signedCase, result: positive } }))
    await writeFile(folder.at('report'), 'precious')
    const argv = ['vectors', 'run', source, '--json', folder.at('report')]
    const { code, stdout, stderr } = await bongtu(argv)
    expect([code, stdout.toString(), stderr]).toEqual([1, '', expect.stringContaining('--force to replace it')])
    expect(await readFile(folder.at('report'), 'utf8')).toBe('precious')
    expect(await bongtu([...argv, '--force'])).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(folder.at('report'), 'utf8'))).toMatchObject({ passed: 1, failed: 0, skipped: 0 })
  })

  it.each(['file://../secret', 'file:///etc/passwd', 'file://a/../../secret', 'file://link', 'http://x/y'])(
    'never reads %s, outside of its folder',
    async (uri) => {
      const tests = { a: { ...signedCase, result: { output: { plaintext: uri } } } }
      const source = await write('v', manifest(2, tests))
      await writeFile(folder.at('secret'), 'text')
      await symlink(folder.at('secret'), `${source}/link`)
      const { code, stdout, stderr } = await run(source)
      expect(code).toBe(1)
      expect(stdout.toString() + stderr).toMatch(/leads out of|no file:\/\/ URI|ENOENT/)
    },
  )

  it('refuses an archive that would inflate beyond all measure, before it does', async () => {
    const small = zipSync({ 'manifest.json': new Uint8Array(1000) })
    const bomb = Buffer.from(small)
    // The size that the central directory announces, 24 bytes behind its signature.
    bomb.writeUInt32LE(0xf0000000, bomb.indexOf('PK\x01\x02', 0, 'latin1') + 24)
    await writeFile(folder.at('bomb.zip'), bomb)
    const { code, stderr } = await run(folder.at('bomb.zip'))
    expect(code).toBe(1)
    expect(stderr).toContain('would inflate to')
  })

  it.each([
    ['nothing', {}, 'no manifest'],
    ['no archive', Buffer.from('text'), 'neither a folder'],
    [
      'another version',
      { 'manifest.json': { manifest: { type: 'awses-decrypt', version: 9 }, tests: {} } },
      'version 9',
    ],
    ['two manifests', { 'a.json': manifest(2, {}), 'b.json': manifest(2, {}) }, 'several manifests'],
    ['broken JSON', { 'manifest.json': '{' }, 'is no JSON'],
    ['no keys', { 'manifest.json': manifest(2, {}) }, 'keys.json'],
    ['wrong keys', { 'manifest.json': manifest(2, {}), 'keys.json': { manifest: { type: 'x' } } }, 'no keys manifest'],
    ['tests that are none', { 'manifest.json': manifest(2, { a: 1 }), 'keys.json': keys }, 'should be an object'],
  ])('says what is wrong with %s', async (_what, content, words) => {
    const bytes = Buffer.isBuffer(content) ? content : zipSync(encoded(content))
    await writeFile(folder.at('x.zip'), bytes)
    const { code, stderr } = await run(folder.at('x.zip'))
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  })

  it('skips PKCS #1 v1.5 where Node does not decrypt it, and opens it elsewhere', async () => {
    await generateVectors(folder.at('p'), {}, silentIo(), {
      ...smallPlan,
      sizes: () => [3],
      keyKinds: { 'rsa-pkcs1': pkcs1 ?? [] },
    })
    const { code, line } = await run(folder.at('p'))
    expect(code).toBe(0)
    expect(line).toMatch(/^(0 passed, 0 failed, 9 skipped|9 passed, 0 failed)$/)
  })
})

const encoded = (content: object): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(content).map(([name, value]) => [
      name,
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  )
