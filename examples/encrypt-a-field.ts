/** Encrypts one field of a record before it is stored, bound to the record that it belongs to. */
import { randomBytes } from 'node:crypto'
import { decrypt, encrypt, rawAes } from 'bongtu'

const keyring = rawAes({ namespace: 'example', name: 'fields-2026', key: randomBytes(32) })

const contextOf = (id: string): Record<string, string> => ({ table: 'patients', column: 'diagnosis', id })

const seal = async (id: string, text: string): Promise<Uint8Array> => {
  const { ciphertext } = await encrypt(new TextEncoder().encode(text), { keyring, encryptionContext: contextOf(id) })
  return ciphertext
}

const open = async (id: string, ciphertext: Uint8Array): Promise<string> => {
  const { plaintext } = await decrypt(ciphertext, { keyring, encryptionContext: contextOf(id) })
  return new TextDecoder().decode(plaintext)
}

const rows = new Map([
  ['1', await seal('1', 'fractured wrist')],
  ['2', await seal('2', 'hay fever')],
])

const own = await open('1', rows.get('1') ?? new Uint8Array())
// Whoever moves a ciphertext to another row gains nothing: the context no longer fits.
const moved = await open('2', rows.get('1') ?? new Uint8Array()).catch((error) => error.code)
console.log(`row 1: ${own}; its field moved to row 2: ${moved}`)
