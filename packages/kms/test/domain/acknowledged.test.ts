import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { authenticationOf } from '../../src/authentication.ts'
import { createClock } from '../../src/clock.ts'
import { type Domain, openDomain } from '../../src/domain/domain.ts'
import { keyOfAlias } from '../../src/keys/key-of-alias.ts'
import { everyAccount } from '../../src/keys/known-accounts.ts'
import { newKeyId, plainKey } from '../../src/keys/new-key.ts'
import { defaultPolicy } from '../../src/policy/default-policy.ts'
import { applySeed } from '../../src/seed/apply-seed.ts'
import { startService } from '../../src/service.ts'
import { materials } from '../../src/store/material.ts'
import { memoryStore } from '../../src/store/memory-store.ts'
import type { Store, Write } from '../../src/store/store.ts'
import { createAuthentication } from '../../src/wire/authenticate.ts'
import { createInProcessTransport } from '../../src/wire/in-process.ts'
import { wrapMaterial } from '../hsm/wrap.ts'
import { createKey } from '../support/keys.ts'
import { domainKeyIdOf, lastingRoot } from './support.ts'

const PLACE = { account: '111122223333', region: 'us-east-1' }
const DAY = 86_400_000
/** A ring of eight forgot a domain key after eight rotations. */
const ROTATIONS = 9

const storesToken = (write: Write): boolean =>
  (write.op === 'insert' || write.op === 'replace') && write.row.kind === materials.name

/** A KMS, and another process on its store that rotates the domain key while a commit of a key token is on its way. */
async function raced() {
  const store = memoryStore()
  const rootKey = lastingRoot()
  const clock = createClock()
  const rival: Domain = await openDomain({ store, rootKey, now: clock.now })
  let armed = false
  const held: Store = {
    ...store,
    async commit(writes) {
      if (armed && writes.some(storesToken)) {
        armed = false
        for (let i = 0; i < ROTATIONS; i++) await rival.rotate()
      }
      return store.commit(writes)
    },
  }
  const failures: unknown[] = []
  const authentication = authenticationOf('off', {}, PLACE, undefined)
  const service = await startService({
    knowsAccount: everyAccount,
    store: held,
    domain: await openDomain({ store: held, rootKey, now: clock.now }),
    clock,
    authenticate: createAuthentication(authentication),
    onCall: () => {},
    failed: (error) => failures.push(error),
  })
  onTestFinished(() => service.close())
  const client = new sdk.KMSClient({
    region: PLACE.region,
    endpoint: 'http://localhost',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: createInProcessTransport(service.entry),
    maxAttempts: 1,
  })
  return {
    store,
    rival,
    service,
    client,
    failures,
    /** Holds back the next commit that stores a token. Returns whether one came. */
    async holding(work: () => Promise<unknown>): Promise<boolean> {
      armed = true
      await work()
      return !armed
    },
  }
}
type Raced = Awaited<ReturnType<typeof raced>>

/** Each prepares a key, and returns its id and the work that stores a token of it. */
const WAYS: Readonly<Record<string, (bed: Raced) => Promise<{ keyId: () => string; work: () => Promise<unknown> }>>> = {
  async CreateKey({ client }) {
    let keyId = ''
    return { keyId: () => keyId, work: async () => (keyId = (await createKey(client)).id) }
  },
  async 'the first use of an alias'({ service: { kms } }) {
    let keyId = ''
    const blank = (now: number) => plainKey(PLACE, newKeyId(false), now, defaultPolicy(PLACE))
    return { keyId: () => keyId, work: async () => (keyId = await keyOfAlias(kms, PLACE, 'alias/app', blank)) }
  },
  async ImportKeyMaterial({ client }) {
    const { id } = await createKey(client, { Origin: 'EXTERNAL' })
    const parameters = { KeyId: id, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const
    const { PublicKey = new Uint8Array(), ImportToken } = await client.send(
      new sdk.GetParametersForImportCommand(parameters),
    )
    const EncryptedKeyMaterial = wrapMaterial('RSAES_OAEP_SHA_256', PublicKey, new Uint8Array(32).fill(7))
    const input = {
      KeyId: id,
      ImportToken,
      EncryptedKeyMaterial,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    } as const
    // The import token's domain key has left after so many rotations: the caller gets an error and imports again.
    return { keyId: () => id, work: () => client.send(new sdk.ImportKeyMaterialCommand(input)) }
  },
  async RotateKeyOnDemand({ client }) {
    const { id } = await createKey(client)
    return { keyId: () => id, work: () => client.send(new sdk.RotateKeyOnDemandCommand({ KeyId: id })) }
  },
  async 'a rotation by time'({ client, service }) {
    const { id } = await createKey(client)
    await client.send(new sdk.EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: 90 }))
    return { keyId: () => id, work: () => service.travelTo(service.kms.clock.now() + 90 * DAY) }
  },
  async 'a seed'({ service: { kms } }) {
    const id = '1234abcd-12ab-34cd-56ef-1234567890ab'
    return { keyId: () => id, work: () => applySeed(kms, { keys: [{ id }] }, PLACE) }
  },
}

async function domainKeysOf({ store }: Raced, keyId: string): Promise<readonly string[]> {
  const stored = await store.list(materials, `${PLACE.account}/${PLACE.region}/${keyId}/`, { limit: 10 })
  return stored.map(({ record }) => domainKeyIdOf(Buffer.from(record.token ?? '', 'base64')))
}

describe('a token whose commit is held back over nine rotations of the domain key', () => {
  it.each(Object.keys(WAYS).filter((name) => name !== 'ImportKeyMaterial'))(
    'is stored under the active domain key, and keeps working: %s',
    async (name) => {
      const bed = await raced()
      const way = await WAYS[name]?.(bed)
      if (way === undefined) throw new Error(`there is no ${name}`)
      expect(await bed.holding(way.work)).toBe(true)
      const KeyId = way.keyId()
      const { domainKeys } = await bed.rival.rotate()
      for (const id of await domainKeysOf(bed, KeyId)) expect(id).toBe(domainKeys[0]?.id)
      const { CiphertextBlob } = await bed.client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
      for (let i = 0; i < ROTATIONS; i++) await bed.rival.rotate()
      await bed.client.send(new sdk.DecryptCommand({ CiphertextBlob }))
      expect((await bed.rival.status()).domainKeys).toHaveLength(8)
      expect(bed.failures).toEqual([])
    },
  )

  it('is refused with a reason if the import token has outlived its domain key, and leaves nothing behind', async () => {
    const bed = await raced()
    const way = await WAYS.ImportKeyMaterial?.(bed)
    if (way === undefined) throw new Error('there is no ImportKeyMaterial')
    await expect(bed.holding(way.work)).rejects.toMatchObject({ name: 'InvalidImportTokenException' })
    expect(await domainKeysOf(bed, way.keyId())).toEqual([])
    expect(bed.rival.quarantine()).toEqual([])
    await bed.rival.rotate()
  })
})
