import { randomBytes } from 'node:crypto'
import { dataKeyCache, decrypt, encrypt } from 'bongtu'
import { expect, it } from 'vitest'
import { byCallers, countedKms } from './support/kms.ts'

const hour = 60 * 60 * 1000
const encryptionContext = { tenant: 'acme' }
const isAs = (plaintext: Uint8Array, original: Uint8Array): boolean => Buffer.compare(plaintext, original) === 0

it('10,000 messages of 1 KiB by 1,000 callers at once, 1,000 to a data key: 10 calls to encrypt them, 10 to decrypt them', async () => {
  const { keyring, calls } = await countedKms()
  const cache = dataKeyCache({ capacity: 100, maxAge: hour, maxMessages: 1_000 })
  const plaintext = randomBytes(1024)
  const options = { keyring, cache, encryptionContext }
  const messages = await byCallers(1_000, 10_000, () => encrypt(plaintext, { ...options, algorithmSuite: 0x0478 }))
  expect(calls('GenerateDataKey')).toBe(10)
  const wrapped = new Map<string, number>()
  for (const { header } of messages) {
    const key = Buffer.from(header.encryptedDataKeys[0]?.ciphertext ?? []).toString('hex')
    wrapped.set(key, (wrapped.get(key) ?? 0) + 1)
  }
  expect([...wrapped.values()]).toEqual(Array(10).fill(1_000))
  expect(messages.filter(({ dataKeyCached }) => !dataKeyCached)).toHaveLength(10)

  const opened = await byCallers(1_000, 10_000, (index) => decrypt(messages[index]?.ciphertext ?? plaintext, options))
  expect(opened.every((each) => isAs(each.plaintext, plaintext))).toBe(true)
  expect(calls('Decrypt')).toBe(10)
  expect(cache.stats()).toMatchObject({
    misses: 20,
    callsSaved: 19_980,
    messagesCharged: 10_000,
    bytesCharged: 10_240_000n,
    evictions: { limit: 10, capacity: 0, expired: 0 },
  })
}, 120_000)

it('signed messages share the key pair of their data key: 10 calls and 10 public keys for 200 messages', async () => {
  const { keyring, calls } = await countedKms()
  const cache = dataKeyCache({ capacity: 100, maxAge: hour, maxMessages: 20 })
  const options = { keyring, cache, encryptionContext }
  const messages = await byCallers(50, 200, () => encrypt(randomBytes(100), options))
  expect(calls('GenerateDataKey')).toBe(10)
  expect(new Set(messages.map(({ header }) => header.encryptionContext['aws-crypto-public-key'])).size).toBe(10)
  expect(new Set(messages.map(({ header }) => Buffer.from(header.messageId).toString('hex'))).size).toBe(200)
  await byCallers(50, 200, (index) => decrypt(messages[index]?.ciphertext ?? new Uint8Array(), options))
  expect(calls('Decrypt')).toBe(10)
}, 60_000)
