/** Binds a message to something that both sides know anyway and the message therefore need not carry: the tenant. */
import { randomBytes } from 'node:crypto'
import { createClient, decrypt, inspect, rawAes } from 'bongtu'

const keyring = rawAes({ namespace: 'example', name: 'tenants', key: randomBytes(32) })

// A client with its defaults bound: what all calls of an application have in common stands in one place.
const client = createClient({ keyring })

const { ciphertext } = await client.encrypt(new TextEncoder().encode('hello'), {
  encryptionContext: { tenant: 'acme', kind: 'note' },
  requiredEncryptionContextKeys: ['tenant'],
})

const { header } = await inspect(ciphertext)
const shown = Object.keys(header.encryptionContext).filter((key) => !key.startsWith('aws-crypto-'))

const { plaintext } = await client.decrypt(ciphertext, { encryptionContext: { tenant: 'acme' } })
const without = await decrypt(ciphertext, { keyring }).catch((error) => error.code)
console.log(`the header shows ${shown}; with the tenant: ${new TextDecoder().decode(plaintext)}; without: ${without}`)
