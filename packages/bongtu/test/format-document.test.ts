import { readFile } from 'node:fs/promises'
import { decrypt, rawAes } from 'bongtu'
import { expect, it } from 'vitest'

const document = new URL('../../../docs/format.md', import.meta.url)

it('decrypts the message that docs/format.md takes apart', async () => {
  const [, dump = ''] = /```hex\n(.*?)```/s.exec(await readFile(document, 'utf8')) ?? []
  const message = Uint8Array.from(Buffer.from(dump.replace(/#.*|\s/g, ''), 'hex'))
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  const keyring = rawAes({ namespace: 'demo', name: 'key-1', key })
  const { plaintext } = await decrypt(message, { keyring, encryptionContext: { tenant: 'acme' } })
  expect(new TextDecoder().decode(plaintext)).toBe('attack at dawn')
})
