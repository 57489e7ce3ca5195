import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backup, restore } from '../../src/domain/backup.ts'
import { openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { SnapshotRow, Store } from '../../src/store/store.ts'
import { codeOf, KEY_A, NOON, text } from '../hsm/support.ts'
import { refusal } from '../store/conformance.ts'
import { temporaryFolder } from '../store/folder.ts'
import { lastingRoot, storedKey, type TestDomain, testDomain, tokenOf } from './support.ts'

const now = () => NOON
const passphrase = text('correct horse battery staple')

async function sealed(here: TestDomain) {
  const { key, id } = await storedKey(here, KEY_A)
  const token = await tokenOf(here.store, id)
  const blob = await here.domain.hsm.execute('encrypt', { key, token, plaintext: text('hello'), encryptionContext: {} })
  const opens = async (store: Store, rootKey: TestDomain['rootKey']) => {
    const domain = await openDomain({ store, rootKey, now })
    return domain.hsm.execute('decrypt', { key, token: await tokenOf(store, id), ...blob, encryptionContext: {} })
  }
  return { opens }
}

describe('backup', () => {
  it('leaves the root out: it restores where the root is, and nowhere else', async () => {
    const here = await testDomain()
    const { opens } = await sealed(here)
    const file = await backup(here)
    expect(JSON.parse(new TextDecoder().decode(file)).root).toBe('absent')
    const store = memoryStore()
    await restore({ store, backup: file, rootKey: here.rootKey, now })
    expect((await opens(store, here.rootKey)).plaintext).toEqual(text('hello'))

    const elsewhere = memoryStore()
    expect(await codeOf(restore({ store: elsewhere, backup: file, rootKey: lastingRoot(), now }))).toBe('wrongRoot')
    const path = join(temporaryFolder(), 'root.key')
    expect(await codeOf(restore({ store: elsewhere, backup: file, rootKey: rootKeyFile(path), now }))).toBe(
      'rootMissing',
    )
    expect(existsSync(path)).toBe(false)
    expect(await elsewhere.snapshot()).toEqual([])
  })

  it('with a passphrase restores under a new root, in a folder that never saw the old one', async () => {
    const here = await testDomain()
    const { opens } = await sealed(here)
    const file = await backup({ ...here, passphrase })
    const rootKey = rootKeyFile(join(temporaryFolder(), 'root.key'))
    const store = memoryStore()
    await restore({ store, backup: file, rootKey, passphrase, now })
    expect((await opens(store, rootKey)).plaintext).toEqual(text('hello'))
    expect(await codeOf(openDomain({ store, rootKey: here.rootKey, now }))).toBe('wrongRoot')
  })

  it('with a passphrase opens under no other passphrase, and makes no root in trying', async () => {
    const here = await testDomain()
    const file = await backup({ ...here, passphrase })
    const store = memoryStore()
    const path = join(temporaryFolder(), 'root.key')
    const rootKey = rootKeyFile(path)
    const wrong = restore({ store, backup: file, rootKey, passphrase: text('incorrect horse'), now })
    expect(await codeOf(wrong)).toBe('wrongRoot')
    await expect(restore({ store, backup: file, rootKey, now })).rejects.toThrow(TypeError)
    expect(existsSync(path)).toBe(false)
    expect(await store.snapshot()).toEqual([])
  })

  it('is not restored over a store that holds a domain', async () => {
    const here = await testDomain()
    const file = await backup(here)
    const before = await here.store.snapshot()
    const call = restore({ store: here.store, backup: file, rootKey: here.rootKey, now })
    expect(await refusal(call)).toEqual(['exists', undefined])
    expect(await here.store.snapshot()).toEqual(before)
  })

  it.each([
    ['no JSON', 'bongtu'],
    ['JSON of another kind', '{"format":"x"}'],
    ['a later version', '{"format":"bongtu-kms-backup","version":2,"root":"absent","rows":[]}'],
    ['another root', '{"format":"bongtu-kms-backup","version":1,"root":"none","rows":[]}'],
    ['without a domain', '{"format":"bongtu-kms-backup","version":1,"root":"absent","rows":[]}'],
    ['with a damaged row', '{"format":"bongtu-kms-backup","version":1,"root":"absent","rows":[{"kind":"domain"}]}'],
  ])('refuses %s', async (_what, file) => {
    const call = restore({ store: memoryStore(), backup: text(file), rootKey: lastingRoot(), now })
    await expect(call).rejects.toThrow(TypeError)
  })

  it.each<[string, (rows: SnapshotRow[]) => readonly SnapshotRow[]]>([
    ['a record that is no JSON', (rows) => rows.map((row) => ({ ...row, body: row.body.slice(1) }))],
    ['a record that is no object', (rows) => rows.map((row) => ({ ...row, body: '7' }))],
    ['a domain without its token', (rows) => rows.map((row) => ({ ...row, body: '{}' }))],
    ['a record twice', (rows) => [...rows, ...rows.slice(0, 1)]],
  ])('refuses %s, and writes nothing', async (_what, change) => {
    const here = await testDomain()
    const file = JSON.parse(new TextDecoder().decode(await backup(here)))
    const damaged = text(JSON.stringify({ ...file, rows: change(file.rows) }))
    const store = memoryStore()
    await expect(restore({ store, backup: damaged, rootKey: here.rootKey, now })).rejects.toThrow('backup is damaged')
    expect(await store.snapshot()).toEqual([])
  })
})
