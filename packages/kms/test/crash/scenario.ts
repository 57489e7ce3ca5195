import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type Domain, openDomain } from '../../src/domain/domain.ts'
import { rootKeyFile } from '../../src/hsm/factory.ts'
import { backingKeyIdOf } from '../../src/hsm/port.ts'
import { materials } from '../../src/store/material.ts'
import { sqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { crashKeys, materialsOf, plaintextFor, REGION, type Told } from './records.ts'

const repository = resolve(import.meta.dirname, '../../../..')

/** What the children of all rounds have told of the keys in one folder. */
interface Ledger {
  /** By key id: every blob whose encryption was acknowledged. */
  readonly blobs: Map<string, string[]>
  /** Keys whose deletion was begun and, as far as was told, not finished. */
  readonly deleting: Set<string>
  readonly deleted: Set<string>
  domainRotations: number
}

export interface CrashReport {
  readonly rounds: number
  readonly keys: number
  readonly deletedKeys: number
  readonly blobsOpened: number
  readonly domainRotations: number
}

/** A child on Node with the sources of this workspace, as `npx tsx` would run it. */
export function spawnChild(script: string, ...args: readonly string[]): ChildProcess {
  const flags = ['--import', 'tsx', '--conditions=@bongtu/source', '--no-warnings']
  return spawn(process.execPath, [...flags, join(import.meta.dirname, script), ...args], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

/**
 * Runs children that make, rotate, re-wrap, import and delete keys in `folder`, kills each with SIGKILL after a number of
 * acknowledgements that `random` chooses, and after each looks at what is left. Throws at the first thing that is not right.
 */
export async function crashRounds(folder: string, rounds: number, random: () => number): Promise<CrashReport> {
  const ledger: Ledger = { blobs: new Map(), deleting: new Set(), deleted: new Set(), domainRotations: 0 }
  let blobsOpened = 0
  for (let round = 0; round < rounds; round++) {
    await crash(folder, 1 + Math.floor(random() * 60), ledger)
    blobsOpened = await inspect(folder, ledger)
  }
  const { blobs, deleted, domainRotations } = ledger
  return { rounds, keys: blobs.size, deletedKeys: deleted.size, blobsOpened, domainRotations }
}

async function crash(folder: string, acknowledgements: number, ledger: Ledger): Promise<void> {
  const child = spawnChild('child.ts', folder)
  const exit = once(child, 'exit')
  if (child.stdout === null) throw new Error('no standard output')
  let heard = 0
  for await (const line of createInterface({ input: child.stdout })) {
    // The kill may have cut the last line.
    if (!line.endsWith('}')) continue
    note(JSON.parse(line) as Told, ledger)
    if (++heard === acknowledgements) child.kill('SIGKILL')
  }
  const [code, signal] = await exit
  if (signal !== 'SIGKILL') throw new Error(`the child ended by itself, with code ${code}, after ${heard} lines`)
}

function note(told: Told, ledger: Ledger): void {
  const { blobs, deleting, deleted } = ledger
  if (told.told === 'sealed') blobs.set(told.keyId, [...(blobs.get(told.keyId) ?? []), told.blob])
  else if (told.told === 'deleting') deleting.add(told.keyId)
  else if (told.told === 'deleted') {
    deleting.delete(told.keyId)
    deleted.add(told.keyId)
  } else if (told.told === 'rotated the domain') ledger.domainRotations++
}

/** Answers how many blobs were opened. */
async function inspect(folder: string, ledger: Ledger): Promise<number> {
  const store = await sqliteStore({ file: join(folder, 'kms.db') })
  try {
    const domain = await openDomain({ store, rootKey: rootKeyFile(join(folder, 'root.key')), now: Date.now })
    await checkKeysAreWhole(store)
    let opened = 0
    for (const [keyId, blobs] of ledger.blobs) {
      const present = (await store.get(crashKeys, keyId)) !== undefined
      if (ledger.deleting.has(keyId) && !present) {
        ledger.deleting.delete(keyId)
        ledger.deleted.add(keyId)
      }
      if (present === ledger.deleted.has(keyId)) {
        throw new Error(`the key ${keyId} was ${present ? 'deleted and is there' : 'acknowledged and is gone'}`)
      }
      for (const blob of blobs) opened += await checkBlob(store, domain, keyId, Buffer.from(blob, 'base64'), present)
    }
    return opened
  } finally {
    await store.close()
  }
}

/** Every key has all its materials, the newest current; and no material is without its key. */
async function checkKeysAreWhole(store: Store): Promise<void> {
  const keys = await store.list(crashKeys, '', { limit: 10_000 })
  let count = 0
  for (const { record } of keys) {
    const states = (await materialsOf(store, record)).map(({ state }) => state)
    const wanted = [...Array.from({ length: record.materials - 1 }, () => 'NON_CURRENT'), 'CURRENT']
    if (states.join() !== wanted.join()) throw new Error(`the key ${record.keyId} is half made: ${states.join()}`)
    count += states.length
  }
  const all = await store.list(materials, '', { limit: 10_000 })
  if (all.length !== count) throw new Error(`${all.length - count} materials belong to no key`)
}

async function checkBlob(
  store: Store,
  domain: Domain,
  keyId: string,
  blob: Uint8Array,
  present: boolean,
): Promise<number> {
  const id = backingKeyIdOf(blob)
  const material = await store.find(materials, 'keyMaterialId', `${REGION.region}/${id}`)
  if (!present) {
    if (material !== undefined) throw new Error(`material of the deleted key ${keyId} is left`)
    return 0
  }
  if (material?.record.token == null) throw new Error(`a blob of the key ${keyId} leads to no token`)
  const { plaintext } = await domain.hsm.execute('decrypt', {
    key: { ...REGION, keyId },
    token: Buffer.from(material.record.token, 'base64'),
    ciphertextBlob: blob,
    encryptionContext: {},
  })
  if (Buffer.compare(plaintext, plaintextFor(keyId)) !== 0) throw new Error(`a blob of ${keyId} opened to other bytes`)
  return 1
}
