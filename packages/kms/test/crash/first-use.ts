/** Waits for a line on standard input, opens the data folder of its first argument, and uses the key `alias/first`. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Kind } from '../../src/store/store.ts'
import { transact } from '../../src/store/transact.ts'
import { crashKeys, materialsOf, plaintextFor, REGION } from './records.ts'

const aliases: Kind<{ readonly alias: string; readonly keyId: string }> = { name: 'crash-alias', id: (at) => at.alias }

process.stdout.write('ready\n')
for await (const _line of createInterface({ input: process.stdin })) break

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: first-use FOLDER')
const store = await sqliteStore({ file: join(folder, 'kms.db') })
const domain = await openDomain({ store, rootKey: rootKeyFile(join(folder, 'root.key')), now: Date.now })
const { domainKeys } = await domain.status()

const fresh = { ...REGION, keyId: randomUUID() }
const keyId = await transact(store, async (tx) => {
  const known = await tx.get(aliases, 'alias/first')
  if (known !== undefined) return known.keyId
  const tokens = await domain.tokensFor(tx)
  const made = await tokens.execute('createBackingKey', { key: fresh, spec: 'SYMMETRIC_DEFAULT' })
  tx.insert(aliases, { alias: 'alias/first', keyId: fresh.keyId })
  tx.insert(crashKeys, { ...fresh, materials: 1 })
  tx.insert(materials, {
    ...fresh,
    sequence: 0,
    keyMaterialId: made.backingKeyId,
    spec: 'SYMMETRIC_DEFAULT',
    token: Buffer.from(made.token).toString('base64'),
    state: 'CURRENT',
    rotation: null,
    imported: null,
  })
  return fresh.keyId
})
const key = { ...REGION, keyId }
const [material] = await materialsOf(store, key)
const { ciphertextBlob } = await domain.hsm.execute('encrypt', {
  key,
  token: Buffer.from(material?.token ?? '', 'base64'),
  plaintext: plaintextFor(keyId),
  encryptionContext: {},
})
await store.close()
const blob = Buffer.from(ciphertextBlob).toString('base64')
process.stdout.write(`${JSON.stringify({ domainKeys: domainKeys.map(({ id }) => id), keyId, blob })}\n`)
