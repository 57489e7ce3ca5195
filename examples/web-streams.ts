/** The same streams in a browser, a worker, Deno or Bun: web streams of Uint8Array, with nothing of Node. */
import { decryptStream, encryptStream, rawAes } from 'bongtu'

const keyring = rawAes({ namespace: 'example', name: 'uploads', key: crypto.getRandomValues(new Uint8Array(32)) })

const file = new Blob(['what a user picked in a form, '.repeat(10_000)])
const upload = file.stream().pipeThrough(encryptStream({ keyring, encryptionContext: { user: '42' } }))
// In a browser: await fetch(url, { method: 'PUT', body: upload, duplex: 'half' })
const stored = await new Response(upload).blob()

const opening = decryptStream({ keyring, encryptionContext: { user: '42' } })
const download = stored.stream().pipeThrough(opening)
// Only once the stream has ended without an error was the signature verified: wait for all of it before trusting any.
const text = await new Response(download).text()

const { suite } = await opening.header
console.log(`${text.length} characters through ${suite.name}`)
