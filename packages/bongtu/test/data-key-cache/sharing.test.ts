import { type CommitmentPolicy, createClient, dataKeyCache, decrypt, encrypt, inspect, multi } from 'bongtu'
import { describe, expect, it } from 'vitest'
import { rejectionCode } from './support/errors.ts'
import { countedKms, FIRST, SECOND } from './support/kms.ts'

const cacheOf = () => dataKeyCache({ capacity: 100, maxAge: 60 * 60 * 1000 })
const plaintext = Uint8Array.of(1, 2, 3)
const FORBID: CommitmentPolicy = 'forbid-encrypt-allow-decrypt'
const ALLOW: CommitmentPolicy = 'require-encrypt-allow-decrypt'

const suiteOf = async (message: Uint8Array): Promise<number> => (await inspect(message)).header.suite.id
const keyOf = (info: Uint8Array | undefined): string => new TextDecoder().decode(info)

/** CVE-2026-6550: one cache under clients that do not trust each other's answers. */
describe('clients that share a cache do not share a data key', () => {
  it('of other commitment policies: none writes what its policy forbids', async () => {
    const { keyring, calls } = await countedKms()
    const cache = cacheOf()
    const old = createClient({ keyring, cache, commitmentPolicy: FORBID })
    const [strict, allowing] = [
      createClient({ keyring, cache }),
      createClient({ keyring, cache, commitmentPolicy: ALLOW }),
    ]
    const suites: number[] = []
    for (const client of [old, strict, allowing, strict, old]) {
      const { ciphertext } = await client.encrypt(plaintext)
      suites.push(await suiteOf(ciphertext))
    }
    expect(suites).toEqual([0x0378, 0x0578, 0x0578, 0x0578, 0x0378])
    expect(calls('GenerateDataKey')).toBe(3)
  })

  it('of other commitment policies: none reads what its policy forbids, cached or not', async () => {
    const { keyring, calls } = await countedKms()
    const cache = cacheOf()
    const { ciphertext } = await encrypt(plaintext, { keyring, commitmentPolicy: FORBID })
    await decrypt(ciphertext, { keyring, cache, commitmentPolicy: ALLOW })
    expect((await decrypt(ciphertext, { keyring, cache, commitmentPolicy: ALLOW })).dataKeyCached).toBe(true)
    expect(await rejectionCode(decrypt(ciphertext, { keyring, cache }))).toBe('ERR_POLICY')
    expect((await decrypt(ciphertext, { keyring, cache, commitmentPolicy: FORBID })).dataKeyCached).toBe(false)
    expect(calls('Decrypt')).toBe(2)
  })

  it('of other keyrings: each message is wrapped under its own key', async () => {
    const { keyringOf, calls } = await countedKms()
    const cache = cacheOf()
    const [first, second] = [keyringOf(FIRST), keyringOf(SECOND)]
    const keys: string[] = []
    for (const keyring of [first, second, first, second]) {
      const { header } = await encrypt(plaintext, { keyring, cache })
      keys.push(keyOf(header.encryptedDataKeys[0]?.keyInfo))
    }
    expect(keys).toEqual([FIRST, SECOND, FIRST, SECOND])
    expect(calls('GenerateDataKey')).toBe(2)
  })

  it('of other keyrings: who may not open a message does not open it because another one did', async () => {
    const { keyringOf } = await countedKms()
    const cache = cacheOf()
    const { ciphertext } = await encrypt(plaintext, { keyring: keyringOf(FIRST) })
    await decrypt(ciphertext, { keyring: keyringOf(FIRST), cache })
    expect(await rejectionCode(decrypt(ciphertext, { keyring: keyringOf(SECOND), cache }))).toBe('ERR_NO_KEY')
  })

  it('of other contexts, however alike', async () => {
    const { keyring, calls } = await countedKms()
    const cache = cacheOf()
    const contexts = [{}, { a: 'bc' }, { ab: 'c' }, { a: 'b', c: '' }, { a: 'b' }, { a: 'b', c: '1' }, { A: 'b' }]
    for (const encryptionContext of contexts) {
      const { ciphertext, dataKeyCached } = await encrypt(plaintext, { keyring, cache, encryptionContext })
      expect(dataKeyCached).toBe(false)
      expect((await decrypt(ciphertext, { keyring, encryptionContext })).plaintext).toEqual(plaintext)
    }
    expect(calls('GenerateDataKey')).toBe(contexts.length)
  })

  it('of other suites or required keys', async () => {
    const { keyring, calls } = await countedKms()
    const cache = cacheOf()
    const common = { keyring, cache, encryptionContext: { a: '1', b: '2' } }
    const requests = [
      {},
      { algorithmSuite: 0x0478 },
      { requiredEncryptionContextKeys: ['a'] },
      { requiredEncryptionContextKeys: ['b'] },
      { requiredEncryptionContextKeys: ['b', 'a'] },
    ]
    for (const each of requests) await encrypt(plaintext, { ...common, ...each })
    expect(calls('GenerateDataKey')).toBe(requests.length)
    await encrypt(plaintext, { ...common, requiredEncryptionContextKeys: ['a', 'b', 'a'] })
    expect(calls('GenerateDataKey')).toBe(requests.length)
  })

  it('of other expectations: a message opens for who knows its required pair, and for nobody after them', async () => {
    const { keyring } = await countedKms()
    const cache = cacheOf()
    const { ciphertext } = await encrypt(plaintext, {
      keyring,
      encryptionContext: { tenant: 'acme', kind: 'note' },
      requiredEncryptionContextKeys: ['tenant'],
    })
    const open = (encryptionContext: Record<string, string>) =>
      decrypt(ciphertext, { keyring, cache, encryptionContext })
    await open({ tenant: 'acme' })
    expect((await open({ tenant: 'acme' })).dataKeyCached).toBe(true)
    expect(await rejectionCode(open({}))).toBe('ERR_NO_KEY')
    expect(await rejectionCode(open({ tenant: 'evil' }))).toBe('ERR_NO_KEY')
    expect(await rejectionCode(open({ tenant: 'acme', kind: 'other' }))).toBe('ERR_CONTEXT')
    expect((await open({ tenant: 'acme', kind: 'note' })).dataKeyCached).toBe(false)
  })

  it('of another limit on encrypted data keys: it is checked on what comes out of the cache', async () => {
    const { keyringOf } = await countedKms()
    const cache = cacheOf()
    const keyring = multi({ generator: keyringOf(FIRST), children: [keyringOf(SECOND)] })
    await encrypt(plaintext, { keyring, cache })
    expect(await rejectionCode(encrypt(plaintext, { keyring, cache, maxEncryptedDataKeys: 1 }))).toBe('ERR_LIMIT')
  })

  it('in the two directions: what was encrypted is not thereby decrypted', async () => {
    const { keyring, calls } = await countedKms()
    const cache = cacheOf()
    const { ciphertext } = await encrypt(plaintext, { keyring, cache })
    expect((await decrypt(ciphertext, { keyring, cache })).dataKeyCached).toBe(false)
    expect(calls('Decrypt')).toBe(1)
  })
})

it('clients with keyrings of their own share data keys where a partition says that they may', async () => {
  const { keyringOf, calls } = await countedKms()
  const cache = dataKeyCache({ capacity: 100, maxAge: 60 * 60 * 1000, partition: 'fleet' })
  const messages: Uint8Array[] = []
  for (let client = 0; client < 3; client++) {
    messages.push((await encrypt(plaintext, { keyring: keyringOf(FIRST), cache })).ciphertext)
  }
  for (const message of messages) await decrypt(message, { keyring: keyringOf(FIRST), cache })
  expect([calls('GenerateDataKey'), calls('Decrypt')]).toEqual([1, 1])
})
