import { chmod, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAesKey } from '../src/key-uri/aes-key-text.ts'
import { encodePart, namespaceAndName, parseKeyUri } from '../src/key-uri/parse.ts'
import { bongtu } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()

describe('a key URI', () => {
  it('holds any namespace, name and path, encoded', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(
        text.filter((namespace) => !namespace.includes('/')),
        text,
        text,
        (namespace, name, path) => {
          const uri = parseKeyUri(`raw-aes:${encodePart(namespace)}/${encodePart(name)}?key-file=${encodePart(path)}`)
          expect(namespaceAndName(uri)).toEqual({ namespace, name })
          expect(uri.parameters).toEqual(new Map([['key-file', path]]))
        },
      ),
    )
  })

  it('is divided at the first slash, and takes a plus as it stands', () => {
    const uri = parseKeyUri('raw-aes:a/b/c?key-file=/k+1')
    expect(namespaceAndName(uri)).toEqual({ namespace: 'a', name: 'b/c' })
    expect(uri.parameters.get('key-file')).toBe('/k+1')
  })

  it.each([
    ['nothing', 'is no key'],
    ['key1.aes', 'is no key'],
    ['magic:demo/x', 'there is no kind of key magic'],
    ['constructor:demo/x', 'there is no kind of key constructor'],
    ['raw-aes:demo?key-file=k', 'namespace/name'],
    ['raw-aes:/x?key-file=k', 'namespace/name'],
    ['raw-aes:demo/?key-file=k', 'namespace/name'],
    ['raw-aes:demo/x', 'lacks key-file'],
    ['raw-aes:demo/x?key-file', 'is no name=value'],
    ['raw-aes:demo/x?key-file=k&key-file=l', 'stands twice'],
    ['raw-aes:demo/x?key-file=k&kez=l', 'has no parameter kez'],
    ['raw-aes:demo/x?key-file=%zz', '%25'],
    ['raw-aes:demo/x?key-file=k&legacy-js-context-order=1', 'true or false'],
    ['raw-rsa:demo/x?private-key-file=k&padding=oaep-sha256', 'public-key-file'],
    ['raw-rsa:demo/x?public-key-file=k', 'padding is one of'],
    ['raw-rsa:demo/x?public-key-file=k&padding=oaep-sha256&allow-weak-keys=1', 'must be true or false'],
    ['raw-rsa:demo/x?public-key-file=k&padding=none', 'padding is one of'],
  ])('%s is refused as a mistake of the command line', async (key, words) => {
    const { code, stderr } = await bongtu(['encrypt', '-k', key])
    expect(code).toBe(2)
    expect(stderr).toContain(words)
  })

  it.each(['aws-kms', 'aws-kms-mrk'])('never stands for a raw key of namespace %s', async (namespace) => {
    const key = (await aesKey(folder.path)).replace('demo', namespace)
    const { code, stderr } = await bongtu(['encrypt', '-k', key])
    expect(code).toBe(2)
    expect(stderr).toContain('aws-kms')
  })

  it.each([
    [['encrypt', '--suite', '0x0014'], 'name another one with --suite'],
    [['encrypt', '--frame-length', '99999999999'], '--frame-length must be a whole number'],
    [['kms', 'start', '--memory', '--listen', '0.0.0.0:0'], 'give --insecure to go without'],
    [
      ['decrypt', '--discovery', '--account', 'any', '--endpoint-url', 'http://a.example'],
      '(--allow-plain-http allows it)',
    ],
  ])('in %j is told of in the words of the command line', async (argv, words) => {
    const { stderr } = await bongtu(argv)
    expect(stderr).toContain(words)
  })

  it('in an account that needs more than access keys says how the AWS CLI hands them over', async () => {
    const { stderr } = await bongtu(['encrypt', '-k', 'aws-kms:alias/a?region=us-east-1'], { stdin: 'x' })
    expect(stderr).toContain('eval "$(aws configure export-credentials --format env)"')
  })

  it('whose file is a folder says which', async () => {
    const { code, stderr } = await bongtu(['encrypt', '-k', `raw-aes:demo/x?key-file=${folder.path}`])
    expect(code).toBe(1)
    expect(stderr).toContain(`${folder.path}: it is a folder, and no key file`)
  })

  it('whose file is missing says which', async () => {
    const { code, stderr } = await bongtu(['encrypt', '-k', `raw-aes:demo/x?key-file=${folder.at('none')}`])
    expect(code).toBe(1)
    expect(stderr).toContain(`${folder.at('none')}: there is no such file`)
  })
})

describe('an AES key file', () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => 255 - at)

  it.each([16, 24, 32])('holds %i bytes as they are, in hexadecimal or in Base64', (length) => {
    const bytes = key.subarray(0, length)
    const forms = [
      bytes,
      Buffer.from(Buffer.from(bytes).toString('hex')),
      Buffer.from(`${Buffer.from(bytes).toString('hex').toUpperCase()}\r\n`),
      Buffer.from(`${Buffer.from(bytes).toString('base64')}\n`),
    ]
    for (const form of forms) expect([...parseAesKey('k', form)]).toEqual([...bytes])
  })

  it('holds no passphrase: text that is neither hexadecimal nor Base64 of a key is refused', () => {
    for (const text of ['sixteen letters!', 'correct horse battery staple 123', 'AAAA', '', 'a'.repeat(24)]) {
      expect(() => parseAesKey('k', Buffer.from(text))).toThrow(/16, 24 or 32/)
    }
  })

  it.each([15, 17, 33, 64])('does not hold %i bytes', (length) => {
    expect(() => parseAesKey('k', new Uint8Array(length).fill(200))).toThrow(/16, 24 or 32/)
  })

  it('never shows its bytes in an error', async () => {
    await writeFile(folder.at('k'), 'CANARY-IN-A-KEY-FILE')
    const { stderr } = await bongtu(['encrypt', '-k', `raw-aes:demo/x?key-file=${folder.at('k')}`])
    expect(stderr).not.toContain('CANARY')
  })

  it('that others can read is used with a warning', async () => {
    const uri = await aesKey(folder.path)
    expect((await bongtu(['encrypt', '-k', uri], { stdin: 'x' })).stderr).toBe('')
    await chmod(folder.at('key1.aes'), 0o640)
    const { code, stderr } = await bongtu(['encrypt', '-k', uri], { stdin: 'x' })
    expect(code).toBe(0)
    expect(stderr).toMatch(/warning: .*key1\.aes.*0640.*chmod 600/)
  })

  it('that is far too long is not read to its end', async () => {
    const { code, stderr } = await bongtu(['encrypt', '-k', 'raw-aes:demo/x?key-file=/dev/zero'])
    expect(code).toBe(1)
    expect(stderr).toContain('no key file')
  })
})
