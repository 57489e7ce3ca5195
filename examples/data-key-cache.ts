/** Encrypts many small records with few calls to the key service, and shows what was saved. */
import { randomBytes } from 'node:crypto'
import { createClient, dataKeyCache, type Keyring, rawAes } from 'bongtu'

// Stands for a key service that answers in milliseconds and costs money: awsKms({ keyId }), for one.
const service = rawAes({ namespace: 'example', name: 'records-2026', key: randomBytes(32) })
let calls = 0
const keyring: Keyring = {
  wrapDataKey: (request) => {
    calls++
    return service.wrapDataKey(request)
  },
  unwrapDataKey: (request) => {
    calls++
    return service.unwrapDataKey(request)
  },
}

// No data key serves for longer than five minutes, or for more than 200 records.
const cache = dataKeyCache({ capacity: 100, maxAge: 5 * 60_000, maxMessages: 200 })
const client = createClient({ keyring, cache })

// What is the same for many records goes into the context; an id for each would ask for a data key for each.
const options = { encryptionContext: { table: 'events' }, algorithmSuite: 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY' }
const records = Array.from({ length: 1000 }, (_, id) => new TextEncoder().encode(`record ${id}`))

const sealed = await Promise.all(records.map((record) => client.encrypt(record, options)))
console.log(`${sealed.length} records encrypted with ${calls} calls`)

calls = 0
const opened = await Promise.all(sealed.map(({ ciphertext }) => client.decrypt(ciphertext)))
console.log(
  `${opened.length} records decrypted with ${calls} calls: ${new TextDecoder().decode(opened[999]?.plaintext)}`,
)

const { callsSaved, bytesCharged } = cache.stats()
console.log(`${callsSaved} calls saved; ${bytesCharged} bytes under cached data keys`)
// Zeroes every data key that is left, as `using cache = …` would at the end of a block.
cache[Symbol.dispose]()
