/**
 * Makes, rotates, re-wraps, imports and deletes keys without end in the data folder of its first argument, and tells on
 * standard output what is done. Its parent kills it in the middle.
 */
import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { nodeEngine } from '@bongtu/crypto/node'
import { type Domain, openDomain, type TokenMaker } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import type { ExportedBackingKey, KeyName } from '../../src/hsm/port.ts'
import { type Material, materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { transact } from '../../src/store/transact.ts'
import { type CrashKey, crashKeys, materialsOf, plaintextFor, REGION, type Told } from './records.ts'

/** Straight to the pipe: what was told was told, even when the process dies on the next line. */
function tell(what: Told): void {
  writeSync(1, `${JSON.stringify(what)}\n`)
}

function materialOf(
  key: KeyName,
  sequence: number,
  made: ExportedBackingKey,
  imported: Material['imported'],
): Material {
  return {
    ...key,
    sequence,
    keyMaterialId: made.backingKeyId,
    spec: 'SYMMETRIC_DEFAULT',
    token: Buffer.from(made.token).toString('base64'),
    state: 'CURRENT',
    rotation: sequence === 0 ? null : { type: 'ON_DEMAND', date: Date.now() },
    imported,
  }
}

async function seal(store: Store, domain: Domain, key: KeyName): Promise<void> {
  const current = (await materialsOf(store, key)).find(({ state }) => state === 'CURRENT')
  if (current?.token == null) throw new Error(`the key ${key.keyId} has no current material`)
  const { ciphertextBlob } = await domain.hsm.execute('encrypt', {
    key,
    token: Buffer.from(current.token, 'base64'),
    plaintext: plaintextFor(key.keyId),
    encryptionContext: {},
  })
  tell({ told: 'sealed', keyId: key.keyId, blob: Buffer.from(ciphertextBlob).toString('base64') })
}

async function addKey(
  store: Store,
  domain: Domain,
  key: KeyName,
  make: (tokens: TokenMaker) => Promise<ExportedBackingKey>,
  imported: Material['imported'],
) {
  await transact(store, async (tx) => {
    const made = await make(await domain.tokensFor(tx))
    tx.insert(crashKeys, { ...key, materials: 1 })
    tx.insert(materials, materialOf(key, 0, made, imported))
  })
}

async function create(store: Store, domain: Domain): Promise<void> {
  const key = { ...REGION, keyId: randomUUID() }
  const make = (tokens: TokenMaker) => tokens.execute('createBackingKey', { key, spec: 'SYMMETRIC_DEFAULT' })
  await addKey(store, domain, key, make, null)
  await seal(store, domain, key)
}

async function importKey(store: Store, domain: Domain): Promise<void> {
  const key = { ...REGION, keyId: randomUUID() }
  const { publicKey, importToken } = await domain.hsm.execute('createImportParameters', {
    key,
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_2048',
  })
  const wrapped = nodeEngine.importRsaPublicKey(publicKey).encrypt('oaep-sha256', nodeEngine.random(32))
  const parameters = { key, spec: 'SYMMETRIC_DEFAULT', importToken, encryptedKeyMaterial: wrapped } as const
  const make = (tokens: TokenMaker) => tokens.execute('importKeyMaterial', parameters)
  await addKey(store, domain, key, make, { description: null, validTo: null })
  await seal(store, domain, key)
}

async function rotateKey(store: Store, domain: Domain, key: CrashKey): Promise<void> {
  const name = { ...REGION, keyId: key.keyId }
  await transact(store, async (tx) => {
    const tokens = await domain.tokensFor(tx)
    const made = await tokens.execute('createBackingKey', { key: name, spec: 'SYMMETRIC_DEFAULT' })
    const before = await tx.get(crashKeys, key.keyId)
    const [last] = (await materialsOf(store, name)).slice(-1)
    const current = last && (await tx.get(materials, materials.id(last)))
    if (before === undefined || current === undefined) throw new Error(`the key ${key.keyId} is half made`)
    tx.replace(crashKeys, { ...before, materials: before.materials + 1 })
    tx.replace(materials, { ...current, state: 'NON_CURRENT' })
    tx.insert(materials, materialOf(name, before.materials, made, null))
  })
  await seal(store, domain, name)
}

async function deleteKey(store: Store, key: CrashKey): Promise<void> {
  tell({ told: 'deleting', keyId: key.keyId })
  await transact(store, async (tx) => {
    await tx.get(crashKeys, key.keyId)
    tx.remove(crashKeys, key.keyId)
    for (const material of await materialsOf(store, key)) {
      await tx.get(materials, materials.id(material))
      tx.remove(materials, materials.id(material))
    }
  })
  tell({ told: 'deleted', keyId: key.keyId })
}

/** One of several loads on the same store. Each works on keys of its own, as different callers do. */
async function load(store: Store, domain: Domain, share: number, shares: number): Promise<never> {
  for (let step = share; ; step++) {
    const keys = await store.list(crashKeys, '', { limit: 1000 })
    const own = keys
      .map(({ record }) => record)
      .filter(({ keyId }) => Number.parseInt(keyId.slice(0, 8), 16) % shares === share)
    const key = own[step % Math.max(own.length, 1)]
    if (step % 13 === 5) await importKey(store, domain)
    else if (step % 7 === 3) {
      await domain.rotate()
      tell({ told: 'rotated the domain' })
    } else if (own.length > 4 && step % 3 === 0 && key !== undefined) await deleteKey(store, key)
    else if (key !== undefined && step % 2 === 0) await rotateKey(store, domain, key)
    else await create(store, domain)
  }
}

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: child FOLDER')
const store = await sqliteStore({ file: join(folder, 'kms.db') })
const domain = await openDomain({ store, rootKey: rootKeyFile(join(folder, 'root.key')), now: Date.now })
tell({ told: 'ready' })
const SHARES = 4
await Promise.all(Array.from({ length: SHARES }, (_, share) => load(store, domain, share, SHARES)))
