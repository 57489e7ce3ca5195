import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { codeOf, flipped, text } from '../hsm/support.ts'
import { temporaryFolder } from '../store/folder.ts'

const make = { mayCreate: true }
const posix = process.platform !== 'win32'

describe('the root key file', () => {
  it('is made once, with mode 0600, and leaves nothing beside it', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'root.key')
    const root = await rootKeyFile(path)(make)
    const sealed = await root.seal(text('the ring'))
    if (posix) expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path).length).toBe(48)
    expect(readFileSync(path, 'latin1').startsWith('bongtu root key\n')).toBe(true)
    expect(readdirSync(folder)).toEqual(['root.key'])
    const again = await rootKeyFile(path)({ mayCreate: false })
    expect(await again.open(sealed)).toEqual(text('the ring'))
  })

  it('is one root where many make it at once', async () => {
    const folder = temporaryFolder()
    const roots = await Promise.all(Array.from({ length: 16 }, () => rootKeyFile(join(folder, 'root.key'))(make)))
    const sealed = await roots[0]?.seal(text('the ring'))
    for (const root of roots) expect(await root.open(sealed ?? new Uint8Array())).toEqual(text('the ring'))
    expect(readdirSync(folder)).toEqual(['root.key'])
  })

  it('is not made where the store needs the one that is missing', async () => {
    const folder = temporaryFolder()
    expect(await codeOf(rootKeyFile(join(folder, 'root.key'))({ mayCreate: false }))).toBe('rootMissing')
    expect(readdirSync(folder)).toEqual([])
  })

  it.runIf(posix).each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777])('is refused with mode %o', async (mode) => {
    const path = join(temporaryFolder(), 'root.key')
    await rootKeyFile(path)(make)
    chmodSync(path, mode)
    expect(await codeOf(rootKeyFile(path)(make))).toBe('rootUnsafe')
  })

  it.each([
    ['empty', new Uint8Array(0)],
    ['cut off', text('bongtu root key\n').subarray(0, 10)],
    ['of another length', new Uint8Array(49)],
    ['of another format', new Uint8Array(48)],
  ])('is refused where it is %s, and not made anew', async (_what, content) => {
    const path = join(temporaryFolder(), 'root.key')
    writeFileSync(path, content, { mode: 0o600 })
    expect(await codeOf(rootKeyFile(path)(make))).toBe('rootDamaged')
    expect(new Uint8Array(readFileSync(path))).toEqual(content)
  })

  it('is refused where its name stands for a folder or a pipe, for which it does not wait', async () => {
    const path = join(temporaryFolder(), 'root.key')
    mkdirSync(path, { mode: 0o700 })
    expect(await codeOf(rootKeyFile(path)(make))).toBe('rootDamaged')
    const pipe = join(temporaryFolder(), 'root.key')
    execFileSync('mkfifo', ['-m', '600', pipe])
    expect(await codeOf(rootKeyFile(pipe)(make))).toBe('rootDamaged')
  })

  it('opens nothing that was altered, or sealed by another root', async () => {
    const root = await rootKeyFile(join(temporaryFolder(), 'root.key'))(make)
    const other = await rootKeyFile(join(temporaryFolder(), 'root.key'))(make)
    const sealed = await root.seal(text('the ring'))
    for (let at = 0; at < sealed.length; at++) {
      expect(await codeOf(root.open(flipped(sealed, at))), `byte ${at}`).toBe('wrongRoot')
    }
    expect(await codeOf(other.open(sealed))).toBe('wrongRoot')
    expect(await codeOf(root.open(new Uint8Array(0)))).toBe('wrongRoot')
  })
})
