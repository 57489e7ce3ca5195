/** Encrypts to someone's public key: whoever writes needs no secret, and cannot read what they wrote. */
import { generateKeyPairSync } from 'node:crypto'
import { decrypt, encrypt, rawRsa } from 'bongtu'

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 3072,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const recipient = { namespace: 'example', name: 'payroll-2026', padding: 'oaep-sha256' } as const

const { ciphertext } = await encrypt(new TextEncoder().encode('salary: 1'), {
  keyring: rawRsa({ ...recipient, publicKey }),
})

const byWriter = await decrypt(ciphertext, { keyring: rawRsa({ ...recipient, publicKey }) }).catch(
  (error) => error.code,
)
const { plaintext } = await decrypt(ciphertext, { keyring: rawRsa({ ...recipient, privateKey }) })
console.log(`the recipient reads "${new TextDecoder().decode(plaintext)}", the writer ${byWriter}`)
