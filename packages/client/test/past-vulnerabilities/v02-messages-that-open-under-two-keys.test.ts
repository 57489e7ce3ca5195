import { type AesGcm, defaultEngine, type Engine } from '@bongtu/crypto'
import { expect, it } from 'vitest'
import { decrypt, encrypt } from '../../src/index.ts'
import { numbered } from '../support/bytes.ts'
import { codeOf, rejection, rejectionCode } from '../support/errors.ts'
import { toyKeyring } from '../support/toy-keyring.ts'

/** AES-GCM binds a ciphertext to no single key: whoever knows two can make one that opens to different plaintexts. */
it('V2: a message is not opened, nor its key used, unless it commits to the data key', async () => {
  const keyring = toyKeyring()
  const another = {
    ...keyring,
    unwrapDataKey: async (request: Parameters<typeof keyring.unwrapDataKey>[0]) => {
      const opened = await keyring.unwrapDataKey(request)
      return opened === null ? null : { ...opened, dataKey: new Uint8Array(32).fill(1) }
    },
  }
  let uses = 0
  const counted = (aead: AesGcm): AesGcm => ({
    ...aead,
    open: (...given) => {
      uses++
      return aead.open(...given)
    },
    openFrames: (batch) => {
      uses++
      return aead.openFrames(batch)
    },
  })
  const engine: Engine = { ...defaultEngine, aesGcm: async (key) => counted(await defaultEngine.aesGcm(key)) }
  for (const algorithmSuite of [0x0478, 0x0578]) {
    const { ciphertext } = await encrypt(numbered(10), { keyring, algorithmSuite })
    expect(codeOf(await rejection(decrypt(ciphertext, { keyring: another, engine })))).toBe('ERR_AUTHENTICATION')
    expect(uses).toBe(0)
    await decrypt(ciphertext, { keyring, engine })
    expect(uses).toBeGreaterThan(0)
    uses = 0
  }
})

it('V2: what does not commit is neither written nor read unless a policy says so', async () => {
  const keyring = toyKeyring()
  expect(await rejectionCode(encrypt(numbered(10), { keyring, algorithmSuite: 0x0378 }))).toBe('ERR_POLICY')
  const commitmentPolicy = 'forbid-encrypt-allow-decrypt'
  const { ciphertext } = await encrypt(numbered(10), { keyring, commitmentPolicy })
  expect(await rejectionCode(decrypt(ciphertext, { keyring }))).toBe('ERR_POLICY')
})
