import { randomBytes } from 'node:crypto'
import { wrapMaterial } from '../hsm/wrap.ts'
import { checkAcknowledged, checkWhole, type LedgerKey, plaintextOf } from './api-ledger.ts'
import { type ApiServer, apiServer, type Call, Refused } from './api-server.ts'

export interface ApiCrashReport {
  readonly rounds: number
  readonly acknowledged: number
  readonly keys: number
  readonly blobsOpened: number
}

const WORKERS = 8
const ALGORITHM = 'RSAES_OAEP_SHA_256'
/** A week went by between the parameters of an import and the import. */
const OVERTAKEN = 'ExpiredImportTokenException'

/**
 * Eight clients make, rotate, import, withdraw and use keys of a server over HTTP while its domain key rotates and its clock
 * runs ahead. After a number of acknowledgements that `random` chooses it is killed, looked into, started again, and asked for
 * all that it had acknowledged.
 */
export async function apiCrashRounds(folder: string, rounds: number, random: () => number): Promise<ApiCrashReport> {
  const ledger: LedgerKey[] = []
  let acknowledged = 0
  let blobsOpened = 0
  let keys = 0
  for (let round = 0; round < rounds; round++) {
    const server = await apiServer(folder)
    try {
      await checkAcknowledged(server.call, ledger)
      acknowledged += await load(server, ledger, 20 + Math.floor(random() * 200), random)
    } finally {
      await server.kill()
    }
    keys = await checkWhole(folder)
  }
  const server = await apiServer(folder)
  try {
    blobsOpened = await checkAcknowledged(server.call, ledger)
  } finally {
    await server.kill()
  }
  return { rounds, acknowledged, keys, blobsOpened }
}

/** Works until so many calls were acknowledged, and kills the server in the middle of the next ones. */
async function load(server: ApiServer, ledger: LedgerKey[], count: number, random: () => number): Promise<number> {
  let heard = 0
  let dead: Promise<void> | undefined
  const until = async (work: () => Promise<unknown>): Promise<void> => {
    while (dead === undefined) {
      try {
        await work()
        if (++heard >= count) dead ??= server.kill()
      } catch (error) {
        if (dead === undefined && !(error instanceof Refused && error.message.includes(OVERTAKEN))) throw error
      }
    }
  }
  const workers = Array.from({ length: WORKERS }, () => {
    const own: LedgerKey[] = []
    return until(() => step(server.call, own, ledger, random))
  })
  await Promise.all([...workers, until(() => turmoil(server, random))])
  await dead
  return heard
}

async function step(call: Call, own: LedgerKey[], ledger: LedgerKey[], random: () => number): Promise<void> {
  const key = own[Math.floor(random() * own.length)]
  const dice = random()
  if (key === undefined || dice < 0.15) {
    const made = dice < 0.05 ? await importKey(call) : await createKey(call)
    own.push(made)
    ledger.push(made)
    await call('CreateAlias', { AliasName: made.alias, TargetKeyId: made.id })
    made.named = true
  } else if (dice < 0.3 && !key.imported && key.rotations < 20) {
    await call('RotateKeyOnDemand', { KeyId: key.id })
    key.rotations++
  } else if (dice < 0.36) {
    own.splice(own.indexOf(key), 1)
    key.fate = 'withdrawn'
    if (!key.imported) await call('ScheduleKeyDeletion', { KeyId: key.id, PendingWindowInDays: 7 })
    else await call('DeleteImportedKeyMaterial', { KeyId: key.id })
  } else {
    const { CiphertextBlob } = await call('Encrypt', { KeyId: key.id, Plaintext: plaintextOf(key) })
    key.blobs.push(CiphertextBlob)
  }
}

/** Every token is re-wrapped; now and then a week goes by, and what was to be deleted is. */
async function turmoil(server: ApiServer, random: () => number): Promise<void> {
  if (random() < 0.9) await server.admin('/domain/rotate', {})
  else await server.admin('/clock', { advance: { days: 8 } })
}

async function createKey(call: Call): Promise<LedgerKey> {
  const { KeyMetadata } = await call('CreateKey', {})
  return ledgerKey(KeyMetadata.KeyId, false)
}

async function importKey(call: Call): Promise<LedgerKey> {
  const { KeyMetadata } = await call('CreateKey', { Origin: 'EXTERNAL' })
  const { KeyId } = KeyMetadata
  const wrapping = { WrappingAlgorithm: ALGORITHM, WrappingKeySpec: 'RSA_2048' }
  const { PublicKey, ImportToken } = await call('GetParametersForImport', { KeyId, ...wrapping })
  const wrapped = wrapMaterial(ALGORITHM, Buffer.from(PublicKey, 'base64'), randomBytes(32))
  await call('ImportKeyMaterial', {
    KeyId,
    ImportToken,
    EncryptedKeyMaterial: Buffer.from(wrapped).toString('base64'),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  })
  return ledgerKey(KeyId, true)
}

const ledgerKey = (id: string, imported: boolean): LedgerKey => ({
  id,
  alias: `alias/${id}`,
  blobs: [],
  rotations: 0,
  named: false,
  fate: 'live',
  imported,
})
