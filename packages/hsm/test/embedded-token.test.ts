import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEmbeddedToken, type EmbeddedTokenOptions, embeddedToken } from '@bongtu/hsm'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeContents, encodeContents, type StoredKey } from '../src/embedded/contents.ts'
import { newSeal, openSeal } from '../src/embedded/seal.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const text = (each: string): Uint8Array => new TextEncoder().encode(each)
const passphrase = text('correct horse battery staple')
const aad = new Uint8Array(0)
const some = Uint8Array.of(1, 2, 3)
let count = 0

async function made(
  options: Omit<EmbeddedTokenOptions, 'file'> = {},
): Promise<EmbeddedTokenOptions & { file: string }> {
  const place = { file: join(folder, `${++count}.token`), ...options }
  await createEmbeddedToken(place)
  return place
}

/** A copy of the file with one bit changed. */
function flipped(file: Uint8Array, at: number): string {
  const bytes = Buffer.from(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  const path = join(folder, `altered ${at}.token`)
  writeFileSync(path, bytes, { mode: 0o600 })
  return path
}

describe('an embedded token', () => {
  it('keeps its keys in a file that its owner alone may read, and nothing beside it', async () => {
    const place = await made()
    const token = embeddedToken(place)
    expect(await token.keys()).toEqual([])
    await token.generateKey({ kind: 'aes', label: 'kek', bits: 128 })
    expect(statSync(place.file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter((name) => name.startsWith('1.token'))).toEqual(['1.token'])
    expect(await embeddedToken(place).keys()).toEqual([
      expect.objectContaining({ label: 'kek', kind: 'aes', bits: 128, sensitive: true, extractable: false }),
    ])
  })

  it.runIf(process.platform !== 'win32')('is refused where others may read its file', async () => {
    const place = await made({ passphrase })
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(place.file, mode)
      await expect(embeddedToken(place).keys()).rejects.toEqual(tokenErrorWith('unsafeFile', mode.toString(8)))
    }
  })

  it('finds keys that another process made since, and makes none twice', async () => {
    const place = await made()
    const [first, second] = [embeddedToken(place), embeddedToken(place)]
    const key = first.aesKey({ label: 'kek' })
    await expect(key.seal(some, aad)).rejects.toEqual(tokenErrorWith('noSuchKey', '"kek"'))
    await second.generateKey({ kind: 'aes', label: 'kek' })
    const sealed = await key.seal(some, aad)
    expect(await second.aesKey({ label: 'kek' }).open(sealed, aad)).toEqual(some)
    await expect(first.generateKey({ kind: 'aes', label: 'kek' })).rejects.toEqual(tokenErrorWith('keyExists'))
  })

  it.runIf(process.platform !== 'win32')(
    'is refused where its file is of another user, who may read it too',
    async () => {
      const place = await made()
      const self = vi.spyOn(process, 'geteuid').mockReturnValue(statSync(place.file).uid + 1)
      await expect(embeddedToken(place).keys()).rejects.toEqual(tokenErrorWith('unsafeFile', 'another user'))
      self.mockRestore()
      expect(await embeddedToken(place).keys()).toEqual([])
    },
  )

  it('stays where it is where its path is a symbolic link', async () => {
    const place = await made()
    const link = join(folder, 'link.token')
    symlinkSync(place.file, link)
    await embeddedToken({ file: link }).generateKey({ kind: 'aes', label: 'kek' })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(await embeddedToken(place).keys()).toHaveLength(1)
  })

  it('makes keys one after the other in a process, whoever asks', async () => {
    const place = await made()
    const tokens = [embeddedToken(place), embeddedToken(place)]
    await Promise.all(
      Array.from({ length: 6 }, (_, at) => tokens[at % 2]?.generateKey({ kind: 'aes', label: `key ${at}` })),
    )
    expect(await embeddedToken(place).keys()).toHaveLength(6)
  })

  it('tells in its own errors what the system refuses', async () => {
    const nowhere = { file: join(folder, 'nowhere', 'keys.token') }
    await expect(createEmbeddedToken(nowhere)).rejects.toEqual(tokenErrorWith('failed', 'ENOENT'))
    await expect(embeddedToken(nowhere).generateKey({ kind: 'aes', label: 'kek' })).rejects.toEqual(
      tokenErrorWith('noSuchToken'),
    )
    await expect(embeddedToken({ file: folder }).keys()).rejects.toEqual(tokenErrorWith('damagedFile'))
    const { file } = await made()
    await expect(embeddedToken({ file: join(file, 'within') }).keys()).rejects.toEqual(
      tokenErrorWith('failed', 'ENOTDIR'),
    )
  })

  it.runIf(process.platform !== 'win32')('does not wait for whoever writes to a pipe in its place', async () => {
    const file = join(folder, 'pipe.token')
    execFileSync('mkfifo', ['-m', '600', file])
    await expect(embeddedToken({ file }).keys()).rejects.toEqual(tokenErrorWith('damagedFile'))
  })

  it('is damaged by any altered byte, and never opens in part', async () => {
    const place = await made()
    await embeddedToken(place).generateKey({ kind: 'aes', label: 'kek' })
    const file = readFileSync(place.file)
    for (let at = 0; at < file.length; at++) {
      const altered = embeddedToken({ file: flipped(file, at) }).keys()
      await expect(altered).rejects.toMatchObject({ code: expect.stringMatching(/^(damagedFile|wrongPassphrase)$/) })
    }
  })

  it('is never made over another', async () => {
    const place = await made()
    const before = readFileSync(place.file)
    await expect(createEmbeddedToken(place)).rejects.toEqual(tokenErrorWith('tokenExists'))
    expect(readFileSync(place.file).equals(before)).toBe(true)
  })

  it('serves nothing once it was closed', async () => {
    const token = embeddedToken(await made())
    await token.generateKey({ kind: 'aes', label: 'kek' })
    const key = token.aesKey({ label: 'kek' })
    await token.close()
    await expect(key.seal(some, aad)).rejects.toEqual(tokenErrorWith('closed'))
    await expect(token.generateKey({ kind: 'aes', label: 'other' })).rejects.toEqual(tokenErrorWith('closed'))
  })

  it.each([
    ['an unknown option', { file: 'x', pass: 1 }, TypeError],
    ['no file', { file: '' }, TypeError],
    ['a passphrase that is text', { file: 'x', passphrase: 'a long passphrase' }, TypeError],
    ['a passphrase of 7 bytes', { file: 'x', passphrase: text('1234567') }, RangeError],
  ])('is refused with %s', (_, options, error) => {
    expect(() => embeddedToken(options as EmbeddedTokenOptions)).toThrow(error)
  })
})

describe('an embedded token under a passphrase', () => {
  let place: EmbeddedTokenOptions & { file: string }
  beforeAll(async () => {
    place = await made({ passphrase: passphrase.slice() })
    await embeddedToken(place).generateKey({ kind: 'aes', label: 'kek' })
  })

  it('opens with that passphrase alone', async () => {
    expect(await embeddedToken({ ...place, passphrase: () => passphrase.slice() }).keys()).toHaveLength(1)
    const { file } = place
    for (const options of [
      { file },
      { file, passphrase: text('another passphrase') },
      { file, passphrase: () => text('short') },
    ]) {
      await expect(embeddedToken(options).keys()).rejects.toEqual(tokenErrorWith('wrongPassphrase'))
    }
  })

  it('does not open with a passphrase where none seals it: whoever put it there chose its keys', async () => {
    const { file } = await made()
    await expect(embeddedToken({ file, passphrase }).keys()).rejects.toEqual(
      tokenErrorWith('wrongPassphrase', 'permissions alone'),
    )
  })

  it('leaves the given passphrase as it is, and zeroes the one it asked for', async () => {
    const [given, asked] = [passphrase.slice(), passphrase.slice()]
    await embeddedToken({ ...place, passphrase: given }).keys()
    await embeddedToken({ ...place, passphrase: () => asked }).keys()
    expect(given).toEqual(passphrase)
    expect(asked.every((byte) => byte === 0)).toBe(true)
  })

  it('does not open where its salt or its contents were altered', async () => {
    const file = readFileSync(place.file)
    for (const at of [20, file.length - 1]) {
      const altered = flipped(file, at)
      await expect(embeddedToken({ file: altered, passphrase }).keys()).rejects.toEqual(
        tokenErrorWith('wrongPassphrase'),
      )
    }
  })

  it('that is closed while it is opened says so: its passphrase is forgotten', async () => {
    const token = embeddedToken(place)
    const listing = token.keys()
    await token.close()
    await expect(listing).rejects.toEqual(tokenErrorWith('closed'))
  })

  it('is refused before any work where its file asks for more memory than is allowed', async () => {
    const bytes = readFileSync(place.file)
    for (const cost of [
      [13, 8, 0, 1],
      [21, 8, 0, 1],
      [17, 9, 0, 1],
      [17, 8, 0, 0],
      [17, 8, 0, 17],
    ]) {
      const asking = Buffer.from(bytes)
      asking.set(cost, 16)
      writeFileSync(join(folder, 'asking.token'), asking, { mode: 0o600 })
      const token = embeddedToken({
        file: join(folder, 'asking.token'),
        passphrase: () => Promise.reject(new Error('asked')),
      })
      await expect(token.keys()).rejects.toEqual(tokenErrorWith('damagedFile'))
    }
  })
})

describe('the file of an embedded token', () => {
  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is something else', Buffer.from('-----BEGIN PRIVATE KEY-----')],
    ['is of another kind', Buffer.concat([Buffer.from('bongtu token 1\n'), Buffer.of(3), Buffer.alloc(80)])],
    ['ends within its header', Buffer.concat([Buffer.from('bongtu token 1\n'), Buffer.of(1), Buffer.alloc(20)])],
    ['is too long', Buffer.concat([Buffer.from('bongtu token 1\n'), Buffer.of(1), Buffer.alloc(1_048_576)])],
    ['was altered', Buffer.concat([Buffer.from('bongtu token 1\n'), Buffer.of(1), Buffer.alloc(80)])],
  ])('is refused where it %s', async (_, bytes) => {
    const file = join(folder, 'bad.token')
    writeFileSync(file, bytes, { mode: 0o600 })
    await expect(embeddedToken({ file }).keys()).rejects.toEqual(tokenErrorWith('damagedFile'))
  })

  const bytes = fc.uint8Array({ maxLength: 40 })
  const keys: fc.Arbitrary<StoredKey[]> = fc.array(
    fc.record({
      kind: fc.constantFrom('aes' as const, 'rsa' as const),
      label: fc.string({ maxLength: 10 }),
      id: bytes,
      value: bytes,
      publicKey: bytes,
    }),
    { maxLength: 4 },
  )

  it('holds any keys, and gives them back as they were', async () => {
    await fc.assert(
      fc.asyncProperty(keys, async (each) => {
        expect(decodeContents(encodeContents(each))).toEqual(each)
        const seal = await newSeal(undefined, { log2N: 14, r: 8, p: 1 })
        const opened = await openSeal('x', seal.seal(each), undefined)
        expect(opened.keys).toEqual(each)
        expect((await openSeal('x', opened.seal.seal(opened.keys), undefined)).keys).toEqual(each)
      }),
    )
  })

  it('with contents that were cut off opens as nothing', () => {
    fc.assert(
      fc.property(keys, fc.nat(), (each, cut) => {
        const contents = encodeContents(each)
        const decoded = decodeContents(contents.subarray(0, contents.length === 0 ? 0 : cut % contents.length))
        if (decoded !== null) expect(each.slice(0, decoded.length)).toEqual(decoded)
      }),
    )
  })

  it('takes no field that its length field cannot hold', () => {
    const value = new Uint8Array(65_536)
    expect(() => encodeContents([{ kind: 'aes', label: '', id: some, value, publicKey: some }])).toThrow(RangeError)
  })

  it.each([
    { log2N: 13, r: 8, p: 1 },
    { log2N: 21, r: 8, p: 1 },
    { log2N: 14.5, r: 8, p: 1 },
    { log2N: 17, r: 16, p: 1 },
    { log2N: 17, r: 8, p: 0 },
    { log2N: 17, r: 8, p: 17 },
  ])('is not sealed at a cost of %o', async (cost) => {
    await expect(newSeal(async () => passphrase.slice(), cost)).rejects.toBeInstanceOf(RangeError)
  })
})
