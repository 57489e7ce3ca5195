/** Reads a few bytes out of the middle of an encrypted object, as over HTTP, without fetching or decrypting the rest. */
import { randomBytes } from 'node:crypto'
import { encrypt, openRange, type RangeSource, rawAes } from 'bongtu'

const keyring = rawAes({ namespace: 'example', name: 'archive-2026', key: randomBytes(32) })

const lines = Array.from({ length: 100_000 }, (_, index) => `line ${String(index).padStart(6, '0')}\n`).join('')
const { ciphertext } = await encrypt(new TextEncoder().encode(lines), {
  keyring,
  // A signature covers the whole message, which a reader of parts never sees; each frame is authenticated by itself.
  algorithmSuite: 'AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
})

let fetched = 0
const source: RangeSource = {
  size: ciphertext.length,
  // Here a request with `Range: bytes=${start}-${end - 1}` would go out.
  read: async (start, end) => {
    fetched += end - start
    return ciphertext.slice(start, end)
  },
}

const { read, plaintextLength } = await openRange(source, { keyring })
const lineLength = 12
const line = new TextDecoder().decode(await read(54_321 * lineLength, 54_322 * lineLength))
console.log(
  `${line.trim()}, one of ${plaintextLength / lineLength}, for less than 2 %: ${fetched < ciphertext.length / 50}`,
)
