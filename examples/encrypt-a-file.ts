/** Encrypts a file of any size and decrypts it again, in memory that stays flat. */
import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { rawAes } from 'bongtu'
import { decryptTransform, encryptTransform } from 'bongtu/node'

const folder = await mkdtemp(join(tmpdir(), 'example-'))
const original = join(folder, 'report.csv')
await writeFile(original, 'region,units\n'.repeat(100_000))

const keyring = rawAes({ namespace: 'example', name: 'files-2026', key: randomBytes(32) })
const encryptionContext = { purpose: 'report' }

const sealed = `${original}.esdk`
// Longer frames suit long files: fewer tags, and still only one frame in memory.
const sealing = encryptTransform({ keyring, encryptionContext, frameLength: 65_536 })
await pipeline(createReadStream(original), sealing, createWriteStream(sealed, { mode: 0o600 }))

// The signature is at the end of the message, so a file counts as decrypted only once the whole stream has ended well.
const partial = join(folder, 'report.csv.partial')
const opening = decryptTransform({ keyring, encryptionContext })
await pipeline(createReadStream(sealed), opening, createWriteStream(partial, { mode: 0o600 }))
const opened = join(folder, 'report.opened.csv')
await rename(partial, opened)

const same = (await readFile(original)).equals(await readFile(opened))
console.log(`${(await stat(original)).size} bytes encrypted and decrypted: ${same ? 'identical' : 'different'}`)
await rm(folder, { recursive: true })
