import { describe, expect, it } from 'vitest'
import { decrypt, type EncryptOptions, encrypt, encryptStream, openRange } from '../src/index.ts'
import { numbered } from './support/bytes.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, everythingIn, rejection, rejectionCode, thrown } from './support/errors.ts'
import { dissect } from './support/fields.ts'
import { toyKeyring } from './support/toy-keyring.ts'

const keyring = toyKeyring()
const plaintext = numbered(50)
const SECRET = 'value-that-must-not-show'

const message = async (options: Partial<EncryptOptions>): Promise<Uint8Array> =>
  (await encrypt(plaintext, { keyring, algorithmSuite: 0x0478, ...options })).ciphertext

describe('the context on encryption', () => {
  it('may not use the prefix of the format, by any way in', () => {
    for (const key of ['aws-crypto-public-key', 'aws-crypto-', 'aws-crypto-ec:x']) {
      const error = thrown(() => encryptStream({ keyring, encryptionContext: { [key]: SECRET } }))
      expect(codeOf(error)).toBe('ERR_CONTEXT')
      expect(String(error)).toContain(key)
      expect(everythingIn(error)).not.toContain(SECRET)
    }
  })

  it('may use keys that only look like it', async () => {
    await message({ encryptionContext: { 'AWS-CRYPTO-x': '1', 'aws-crypto': '2', ' aws-crypto-x': '3' } })
  })

  it('may not hold half a surrogate pair, nor more than the header can', async () => {
    for (const encryptionContext of [{ '\ud800': 'x' }, { x: '\udc00' }, { x: 'y'.repeat(65_530) }]) {
      expect(await rejectionCode(encrypt(plaintext, { keyring, encryptionContext }))).toBe('ERR_CONTEXT')
    }
  })

  it('counts the public key of a signed suite into what the header can hold', async () => {
    const encryptionContext = { x: 'y'.repeat(65_500) }
    await message({ encryptionContext })
    const signed = encrypt(plaintext, { keyring, encryptionContext })
    expect(await rejectionCode(signed)).toBe('ERR_CONTEXT')
  })

  it('is copied, so that a later change of the object changes nothing', async () => {
    const encryptionContext = { tenant: 'acme' }
    const options = { keyring, encryptionContext }
    const pending = encrypt(plaintext, options)
    encryptionContext.tenant = 'other'
    expect((await pending).header.encryptionContext).toMatchObject({ tenant: 'acme' })
  })

  it('reaches the keyring whole, required pairs included', async () => {
    const observed = toyKeyring()
    const encryptionContext = { a: '1', b: '2' }
    await encrypt(plaintext, {
      keyring: observed,
      encryptionContext,
      requiredEncryptionContextKeys: ['b'],
      algorithmSuite: 0x0478,
    })
    expect({ ...observed.wrapped[0]?.encryptionContext }).toEqual(encryptionContext)
  })
})

describe('the expected context on decryption', () => {
  it('is a subset: other pairs may stand in the header, and come back', async () => {
    const ciphertext = await message({ encryptionContext: { a: '1', b: '2' } })
    for (const encryptionContext of [{}, { a: '1' }, { b: '2', a: '1' }]) {
      const opened = await decrypt(ciphertext, { keyring, encryptionContext })
      expect({ ...opened.encryptionContext }).toEqual({ a: '1', b: '2' })
    }
  })

  it('is compared before any key is unwrapped; the error names the key and neither value', async () => {
    const ciphertext = await message({ encryptionContext: { a: '1', tenant: SECRET } })
    for (const driver of drivers) {
      const observed = toyKeyring()
      const options = { keyring: observed, encryptionContext: { a: '1', tenant: `${SECRET}-2` } }
      const { error } = await driver.decrypt([ciphertext], options)
      expect(codeOf(error)).toBe('ERR_CONTEXT')
      expect(String(error)).toContain('"tenant"')
      expect(everythingIn(error)).not.toContain(SECRET)
      expect(observed.unwrapped).toHaveLength(0)
    }
  })

  it('holds for ranges too', async () => {
    const ciphertext = await message({ encryptionContext: { a: '1' } })
    const range = openRange(ciphertext, { keyring, encryptionContext: { a: '2' } })
    expect(await rejectionCode(range)).toBe('ERR_CONTEXT')
  })

  it('compares reserved keys, and never adds them', async () => {
    const { ciphertext, header } = await encrypt(plaintext, { keyring })
    const publicKey = header.encryptionContext['aws-crypto-public-key'] ?? ''
    await decrypt(ciphertext, { keyring, encryptionContext: { 'aws-crypto-public-key': publicKey } })
    const unsigned = await message({})
    for (const [from, expected] of [
      [ciphertext, { 'aws-crypto-public-key': 'A' }],
      [ciphertext, { 'aws-crypto-other': 'A' }],
      [unsigned, { 'aws-crypto-public-key': publicKey }],
    ] as const) {
      const observed = toyKeyring()
      const attempt = decrypt(from, { keyring: observed, encryptionContext: expected })
      expect(await rejectionCode(attempt)).toBe('ERR_CONTEXT')
      expect(observed.unwrapped).toHaveLength(0)
    }
  })

  it('is not fooled by keys that every object has', async () => {
    const ciphertext = await message({})
    for (const key of ['toString', 'constructor', '__proto__']) {
      const expected = JSON.parse(`{${JSON.stringify(key)}:"x"}`)
      expect(await rejectionCode(decrypt(ciphertext, { keyring, encryptionContext: expected }))).toBe('ERR_NO_KEY')
    }
  })
})

describe('required encryption context', () => {
  const encryptionContext = { public: '1', required: SECRET }
  const requiredEncryptionContextKeys = ['required']

  it('stays out of the header, comes back from decrypt, and opens by every way in', async () => {
    for (const algorithmSuite of [0x0478, 0x0578]) {
      const ciphertext = await message({ encryptionContext, requiredEncryptionContextKeys, algorithmSuite })
      expect(Buffer.from(ciphertext).includes(SECRET)).toBe(false)
      for (const driver of drivers) {
        const { released, error } = await driver.decrypt([ciphertext], { keyring, encryptionContext })
        expect(error).toBeUndefined()
        expect(released).toEqual(plaintext)
      }
      const opened = await decrypt(ciphertext, { keyring, encryptionContext })
      expect(opened.encryptionContext).toMatchObject(encryptionContext)
      expect(Object.keys(opened.header.encryptionContext)).not.toContain('required')
    }
  })

  it('may be the whole context', async () => {
    const ciphertext = await message({ encryptionContext, requiredEncryptionContextKeys: ['required', 'public'] })
    expect(dissect(ciphertext).fields.map(({ name }) => name)).not.toContain('context')
    expect((await decrypt(ciphertext, { keyring, encryptionContext })).plaintext).toEqual(plaintext)
  })

  it('is authenticated: a missing or wrong pair opens nothing, and the error names the key', async () => {
    const ciphertext = await message({ encryptionContext, requiredEncryptionContextKeys })
    expect(await rejectionCode(decrypt(ciphertext, { keyring }))).toBe('ERR_NO_KEY')
    const wrong = { required: `${SECRET}-2` }
    const error = await rejection(decrypt(ciphertext, { keyring, encryptionContext: wrong }))
    expect(codeOf(error)).toBe('ERR_NO_KEY')
    expect(String(error)).toContain('"required"')
    expect(everythingIn(error)).not.toContain(SECRET)
  })

  it('is authenticated by the header tag where the keyring does not bind the context', async () => {
    const blind = {
      wrapDataKey: keyring.wrapDataKey,
      unwrapDataKey: (request: Parameters<typeof keyring.unwrapDataKey>[0]) =>
        keyring.unwrapDataKey({ ...request, encryptionContext }),
    }
    const ciphertext = await message({ encryptionContext, requiredEncryptionContextKeys })
    for (const expected of [{}, { required: 'wrong' }, { required: SECRET, more: '1' }]) {
      const error = await rejection(decrypt(ciphertext, { keyring: blind, encryptionContext: expected }))
      expect(codeOf(error)).toBe('ERR_AUTHENTICATION')
      for (const key of Object.keys(expected)) expect(String(error)).toContain(JSON.stringify(key))
    }
  })

  it('must be in the context on encryption, and is refused before any keyring is asked', async () => {
    const observed = toyKeyring()
    const options = { keyring: observed, encryptionContext: { a: SECRET }, requiredEncryptionContextKeys: ['b'] }
    const error = await rejection(encrypt(plaintext, options))
    expect(codeOf(error)).toBe('ERR_CONTEXT')
    expect(String(error)).toContain('"b"')
    expect(everythingIn(error)).not.toContain(SECRET)
    expect(observed.wrapped).toHaveLength(0)
  })

  it('does not open a message whose header holds the pair in clear under another value', async () => {
    const ciphertext = await message({ encryptionContext: { required: 'clear' } })
    const attempt = decrypt(ciphertext, { keyring, encryptionContext })
    expect(await rejectionCode(attempt)).toBe('ERR_CONTEXT')
  })
})
