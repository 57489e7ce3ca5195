import { describe, expect, it, vi } from 'vitest'
import { createClient, decrypt, encrypt, openRange } from '../../src/index.ts'
import { flipped } from '../support/bytes.ts'
import { drivers } from '../support/drivers.ts'
import { everythingIn, rejection } from '../support/errors.ts'
import { fixedCache } from '../support/fixed-cache.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

const CANARY = 'canary-7f3a91'
const plaintext = new TextEncoder().encode(`${CANARY}-plaintext `.repeat(20))
const encryptionContext = { tenant: `${CANARY}-context`, required: `${CANARY}-required` }

/** Data keys that can be recognised. */
const dataKey = new TextEncoder().encode(`${CANARY}-data-key`.padEnd(32, '.'))
const inner = toyKeyring()
const keyring = {
  ...inner,
  wrapDataKey: (request: Parameters<typeof inner.wrapDataKey>[0]) =>
    inner.wrapDataKey({ ...request, dataKey: dataKey.slice(0, request.suite.dataKeyLength) }),
}

const forms = [
  CANARY,
  Buffer.from(CANARY).toString('hex'),
  // Base64 of the canary at each of the three alignments, without the characters that depend on what is around it.
  ...[0, 1, 2].map((shift) =>
    Buffer.from(`${'x'.repeat(shift)}${CANARY}`)
      .toString('base64')
      .slice(shift + 1, -4),
  ),
  Buffer.from(CANARY).join(','),
]

/** Debug logs of the SDK for Python held what was encrypted. */
describe('V15: no error shows a secret', () => {
  it('whatever goes wrong', async () => {
    const options = { keyring, encryptionContext, frameLength: 32, requiredEncryptionContextKeys: ['required'] }
    const { ciphertext } = await encrypt(plaintext, options)
    const opening = { keyring, encryptionContext }
    const attempts: readonly (() => Promise<unknown>)[] = [
      async () => encrypt(plaintext, { ...options, requiredEncryptionContextKeys: ['absent'] }),
      async () =>
        encrypt(plaintext, { ...options, encryptionContext: { ...encryptionContext, 'aws-crypto-x': CANARY } }),
      async () => encrypt(plaintext, { ...options, encryptionContext: { x: `${CANARY}\ud800` } }),
      async () => encrypt(plaintext, { ...options, encryptionContext: { x: CANARY.repeat(9000) } }),
      () =>
        encrypt(plaintext, {
          ...options,
          maxEncryptedDataKeys: 1,
          keyring: { ...keyring, ...toyKeyring({ copies: 2 }) },
        }),
      () =>
        encrypt(plaintext, {
          ...options,
          cache: fixedCache((kept) => ({ ...kept, dataKey: kept.dataKey.subarray(1) })),
        }),
      async () => decrypt(ciphertext, { ...opening, encryptionContext: { tenant: `${CANARY}-other` } }),
      async () => decrypt(ciphertext, { ...opening, encryptionContext: { required: `${CANARY}-other` } }),
      async () => decrypt(ciphertext, { keyring: toyKeyring({ name: 'other' }), encryptionContext }),
      async () => decrypt(ciphertext, { ...opening, maxPlaintextLength: 3 }),
      () =>
        decrypt(ciphertext, {
          ...opening,
          cache: fixedCache((kept) => ({ ...kept, dataKey: kept.dataKey.subarray(1) })),
        }),
      async () => decrypt(plaintext, opening),
      async () => openRange(ciphertext, opening),
      async () => createClient(opening as never).decrypt(ciphertext),
      async () => createClient({ encryptionContext } as never),
    ]
    for (const attempt of attempts) expectNoSecret(await rejection(attempt()))
    for (let at = 0; at < ciphertext.length; at += 3) {
      for (const driver of drivers.slice(0, 2)) {
        const { error } = await driver.decrypt([flipped(ciphertext, at, at % 8)], opening)
        expectNoSecret(error)
      }
    }
  })

  it('and nothing is ever printed', async () => {
    const printed = (['log', 'info', 'warn', 'error', 'debug', 'trace'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    )
    const { ciphertext } = await encrypt(plaintext, { keyring, encryptionContext })
    await decrypt(ciphertext, { keyring })
    await rejection(decrypt(flipped(ciphertext, 400, 1), { keyring }))
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled()
      spy.mockRestore()
    }
  })
})

function expectNoSecret(error: unknown): void {
  const shown = everythingIn(error)
  for (const form of forms) expect(shown).not.toContain(form)
}
