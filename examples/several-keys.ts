/** Encrypts once for several keys, any one of which opens the message: a second region, a rotation, a recovery key. */
import { randomBytes } from 'node:crypto'
import { BongtuError, decrypt, encrypt, multi, rawAes } from 'bongtu'

const daily = rawAes({ namespace: 'example', name: 'daily', key: randomBytes(32) })
const recovery = rawAes({ namespace: 'example', name: 'recovery', key: randomBytes(32) })
const stranger = rawAes({ namespace: 'example', name: 'stranger', key: randomBytes(32) })

const { ciphertext } = await encrypt(new TextEncoder().encode('hello'), {
  keyring: multi({ generator: daily, children: [recovery] }),
})

const { plaintext } = await decrypt(ciphertext, { keyring: recovery })
console.log(`the recovery key alone opens: ${new TextDecoder().decode(plaintext)}`)

try {
  await decrypt(ciphertext, { keyring: stranger })
} catch (error) {
  if (!(error instanceof BongtuError)) throw error
  console.log(`another key: ${error.code}, ${error.attempts?.length} encrypted data keys tried`)
}
