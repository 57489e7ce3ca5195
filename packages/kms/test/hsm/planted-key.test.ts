import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backup } from '../../src/domain/backup.ts'
import { openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import type { CommandName, CommandParameters } from '../../src/hsm/port.ts'
import { insert } from '../../src/store/kind.ts'
import { materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { materialOf, tokenOf, wholeHsm } from '../domain/support.ts'
import { temporaryFolder } from '../store/folder.ts'
import { type Haystack, searchForSecret } from './search-for-secret.ts'
import { flipped, KEY_A, KEY_B, NOON, text } from './support.ts'
import { wrapMaterial } from './wrap.ts'

const PASSPHRASE = text('correct horse battery staple')

/** Runs every command, well and badly, over planted and imported keys, and gathers all that came out of it. */
async function everything(planted: Uint8Array, imported: Uint8Array) {
  const folder = temporaryFolder()
  const root = join(folder, 'root.key')
  const store = await sqliteStore({ file: join(folder, 'store.db') })
  const domain = await openDomain({ store, rootKey: rootKeyFile(root), now: () => NOON })
  const hsm = await wholeHsm({ store, domain })
  const haystacks: Haystack[] = []

  async function run<C extends CommandName>(command: C, parameters: CommandParameters<C>) {
    const answer = await hsm.execute(command, parameters)
    haystacks.push(...asHaystacks(`answer of ${command}`, answer))
    return answer
  }
  async function fail<C extends CommandName>(command: C, parameters: CommandParameters<C>) {
    const error: unknown = await hsm.execute(command, parameters).catch((thrown: unknown) => thrown)
    if (!(error instanceof Error)) throw new Error(`${command} did not fail`)
    haystacks.push({ name: `error of ${command}`, content: `${error.message} ${error.stack} ${JSON.stringify(error)}` })
  }

  const plant = hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', planted)
  const row = materialOf(KEY_A, 0, plant.token, plant.backingKeyId)
  await store.commit([insert(materials, row)])
  haystacks.push(...asHaystacks('planted token', plant))

  const encryptionContext = { tenant: 'acme' }
  const a = { key: KEY_A, token: plant.token }
  const b = { key: KEY_B, ...(await run('createBackingKey', { key: KEY_B, spec: 'SYMMETRIC_DEFAULT' })) }
  const { ciphertextBlob } = await run('encrypt', { ...a, plaintext: text('hello'), encryptionContext })
  await run('decrypt', { ...a, ciphertextBlob, encryptionContext })
  await run('generateDataKey', { ...a, numberOfBytes: 32, encryptionContext })
  await run('generateDataKeyWithoutPlaintext', { ...a, numberOfBytes: 32, encryptionContext })
  await run('reEncrypt', {
    source: { ...a, ciphertextBlob, encryptionContext },
    destination: { ...b, encryptionContext: {} },
  })
  await run('generateRandom', { numberOfBytes: 1024 })
  await run('domainStatus', {})
  await fail('decrypt', { ...a, ciphertextBlob, encryptionContext: {} })
  await fail('decrypt', { ...a, ciphertextBlob: flipped(ciphertextBlob, 60), encryptionContext })
  await fail('encrypt', { key: KEY_B, token: plant.token, plaintext: text('x'), encryptionContext })
  await fail('encrypt', { ...a, token: flipped(plant.token, 2), plaintext: text('x'), encryptionContext })
  await fail('encrypt', { ...a, plaintext: new Uint8Array(0), encryptionContext })

  const wrappingAlgorithm = 'RSAES_OAEP_SHA_256'
  const wrapping = { key: KEY_B, wrappingAlgorithm, wrappingKeySpec: 'RSA_2048' } as const
  const { publicKey, importToken } = await run('createImportParameters', wrapping)
  const encryptedKeyMaterial = wrapMaterial(wrappingAlgorithm, publicKey, imported)
  const importing = { key: KEY_B, spec: 'SYMMETRIC_DEFAULT', importToken, encryptedKeyMaterial } as const
  const own = await run('importKeyMaterial', importing)
  await store.commit([insert(materials, materialOf(KEY_B, 0, own.token, own.backingKeyId))])
  await fail('importKeyMaterial', { ...importing, key: KEY_A })
  await fail('importKeyMaterial', { ...importing, encryptedKeyMaterial: flipped(encryptedKeyMaterial, 3) })

  await run('rotateDomainKey', { leaving: [] })
  await run('rewrapTokens', { tokens: [a, b] })
  haystacks.push(...filesOf(folder, 'before the rotation'))
  haystacks.push(...asHaystacks('status', await domain.rotate()))
  const token = await tokenOf(store, materials.id(row))
  await run('decrypt', { key: KEY_A, token, ciphertextBlob, encryptionContext })
  haystacks.push({ name: 'backup', content: await backup({ store, domain }) })
  haystacks.push({ name: 'backup with passphrase', content: await backup({ store, domain, passphrase: PASSPHRASE }) })
  haystacks.push({ name: 'snapshot', content: JSON.stringify(await store.snapshot()) })
  haystacks.push(...filesOf(folder, 'open'))
  await store.close()
  haystacks.push(...filesOf(folder, 'closed'))
  return { haystacks, rootKey: readFileSync(root).subarray(16) }
}

function filesOf(folder: string, when: string): Haystack[] {
  return readdirSync(folder)
    .filter((name) => name !== 'root.key')
    .map((name) => ({ name: `${name}, ${when}`, content: readFileSync(join(folder, name)) }))
}

function asHaystacks(name: string, value: unknown): Haystack[] {
  if (value instanceof Uint8Array) return [{ name, content: value }]
  if (typeof value !== 'object' || value === null) return [{ name, content: String(value) }]
  return Object.entries(value).flatMap(([member, inner]) => asHaystacks(`${name}.${member}`, inner))
}

describe('a planted backing key', () => {
  it('§9.1 is in no store file, answer, error, or backup, after every command; nor are an imported key and the root', async () => {
    const [planted, imported] = [randomBytes(32), randomBytes(32)]
    const { haystacks, rootKey } = await everything(planted, imported)
    expect(haystacks.length).toBeGreaterThan(40)
    expect(haystacks.map(({ name }) => name)).toContain('store.db-wal, open')
    for (const secret of [planted, imported, rootKey]) expect(searchForSecret(haystacks, secret)).toEqual([])
  })

  it('§9.8 plaintexts and data keys are in no file of the store', async () => {
    const folder = temporaryFolder()
    const store = await sqliteStore({ file: join(folder, 'store.db') })
    const domain = await openDomain({ store, rootKey: rootKeyFile(join(folder, 'root.key')), now: () => NOON })
    const key = {
      key: KEY_A,
      ...(await (
        await wholeHsm({ store, domain })
      ).execute('createBackingKey', { key: KEY_A, spec: 'SYMMETRIC_DEFAULT' })),
    }
    await store.commit([insert(materials, materialOf(KEY_A, 0, key.token, key.backingKeyId))])
    const plaintext = randomBytes(40)
    await domain.hsm.execute('encrypt', { ...key, plaintext, encryptionContext: {} })
    const dataKey = await domain.hsm.execute('generateDataKey', { ...key, numberOfBytes: 32, encryptionContext: {} })
    const files = filesOf(folder, 'open')
    expect(searchForSecret(files, plaintext)).toEqual([])
    expect(searchForSecret(files, dataKey.plaintext)).toEqual([])
    await store.close()
  })
})

describe('the search for a secret', () => {
  const secret = randomBytes(32)
  it.each<[string, Uint8Array | string]>([
    ['raw bytes', Buffer.concat([randomBytes(5), secret, randomBytes(5)])],
    ['hex', `"${secret.toString('hex')}"`],
    ['upper-case hex', secret.toString('hex').toUpperCase()],
    ['base64', secret.toString('base64')],
    ['base64 one byte in', Buffer.concat([randomBytes(1), secret, randomBytes(9)]).toString('base64')],
    ['base64 two bytes in', Buffer.concat([randomBytes(2), secret]).toString('base64')],
    ['base64url', Buffer.concat([randomBytes(4), secret]).toString('base64url')],
    ['UTF-16 hex', Buffer.from(secret.toString('hex'), 'utf16le')],
    ['a JSON array', JSON.stringify([...secret])],
    ['a JSON object of a Uint8Array', JSON.stringify(new Uint8Array(secret))],
    ['an inspected array', [...secret].join(', ')],
  ])('finds it as %s', (name, content) => {
    expect(searchForSecret([{ name, content }], secret)).toEqual([name])
  })

  it('does not find what is not there', () => {
    expect(searchForSecret([{ name: 'x', content: randomBytes(10_000) }], secret)).toEqual([])
  })
})
