import { describe, expect, it } from 'vitest'
import { codeOf, flipped, freshHsm, KEY_A, KEY_B, newBackingKey, offsetView, text } from './support.ts'

const encryptionContext = {}

describe('exported key tokens', () => {
  it('§9.1 each backing key is new, and its id has 64 hex digits', async () => {
    const { hsm } = await freshHsm()
    const one = await newBackingKey(hsm, KEY_A)
    const two = await newBackingKey(hsm, KEY_A)
    expect(one.backingKeyId).toMatch(/^[0-9a-f]{64}$/)
    expect(two.backingKeyId).not.toBe(one.backingKeyId)
    expect(two.token).not.toEqual(one.token)
  })

  it('§9.2 has the documented layout, byte by byte', async () => {
    const { hsm } = await freshHsm()
    const { token, backingKeyId } = await newBackingKey(hsm, KEY_A)
    const { domainKeys } = await hsm.execute('domainStatus', {})
    const hex = Buffer.from(token).toString('hex')
    const name = [KEY_A.account, KEY_A.region, KEY_A.keyId]
      .map((part) => part.length.toString(16).padStart(2, '0') + Buffer.from(part).toString('hex'))
      .join('')
    expect(hex.startsWith(`010101${domainKeys[0]?.id}${backingKeyId}${name}`)).toBe(true)
    expect(token.length).toBe(51 + name.length / 2 + 12 + 32 + 16)
  })

  it('§9.2 a token with any one byte altered, cut off or added is refused', async () => {
    const { hsm } = await freshHsm()
    const { key, token } = await newBackingKey(hsm, KEY_A)
    const use = (altered: Uint8Array) =>
      codeOf(hsm.execute('encrypt', { key, token: altered, plaintext: text('x'), encryptionContext }))
    for (let at = 0; at < token.length; at++) {
      expect(await use(flipped(token, at)), `byte ${at}`).toBe(at >= 3 && at < 19 ? 'unknownDomainKey' : 'invalidToken')
    }
    expect(await use(token.subarray(1))).toBe('invalidToken')
    expect(await use(token.subarray(0, -1))).toBe('invalidToken')
    expect(await use(Uint8Array.from([...token, 0]))).toBe('invalidToken')
    expect(await use(new Uint8Array(0))).toBe('invalidParameter')
  })

  it.each([
    ['another key', KEY_B],
    ['another Region', { ...KEY_A, region: 'eu-west-1' }],
    ['another account', { ...KEY_A, account: '444455556666' }],
  ])('§9.2 the token of a key in the row of %s is refused', async (_what, key) => {
    const { hsm } = await freshHsm()
    const { token } = await newBackingKey(hsm, KEY_A)
    expect(await codeOf(hsm.execute('encrypt', { key, token, plaintext: text('x'), encryptionContext }))).toBe(
      'invalidToken',
    )
  })

  it('§9.2 a token of another domain is refused, and one given as a view is read', async () => {
    const { hsm } = await freshHsm()
    const { hsm: other } = await freshHsm()
    const { key, token } = await newBackingKey(hsm, KEY_A)
    const parameters = { key, token: offsetView(token), plaintext: text('x'), encryptionContext }
    expect(await codeOf(other.execute('encrypt', parameters))).toBe('unknownDomainKey')
    expect((await hsm.execute('encrypt', parameters)).ciphertextBlob.length).toBe(153)
  })

  it('gives the same material one id in every Region of a key, and another id under another key', async () => {
    const { hsm } = await freshHsm()
    const material = new Uint8Array(32).fill(7)
    const here = hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', material)
    const there = hsm.plant({ ...KEY_A, region: 'eu-west-1' }, 'SYMMETRIC_DEFAULT', material)
    const other = hsm.plant(KEY_B, 'SYMMETRIC_DEFAULT', material)
    const account = hsm.plant({ ...KEY_A, account: '444455556666' }, 'SYMMETRIC_DEFAULT', material)
    expect(there.backingKeyId).toBe(here.backingKeyId)
    expect(new Set([here, other, account].map((key) => key.backingKeyId)).size).toBe(3)
  })

  it('refuses names that a token cannot hold, unknown specs and commands', async () => {
    const { hsm } = await freshHsm()
    const create = (key: typeof KEY_A, spec: string) =>
      codeOf(hsm.execute('createBackingKey', { key, spec: spec as 'SYMMETRIC_DEFAULT' }))
    expect(await create({ ...KEY_A, keyId: '' }, 'SYMMETRIC_DEFAULT')).toBe('invalidParameter')
    expect(await create({ ...KEY_A, region: 'x'.repeat(256) }, 'SYMMETRIC_DEFAULT')).toBe('invalidParameter')
    expect(await create({ ...KEY_A, account: 'ü' }, 'SYMMETRIC_DEFAULT')).toBe('invalidParameter')
    expect(await create(KEY_A, 'RSA_1024')).toBe('invalidParameter')
    expect(await create(KEY_A, 'toString')).toBe('invalidParameter')
    expect(await codeOf(hsm.execute('constructor' as 'createDomain', {}))).toBe('invalidParameter')
  })

  it('refuses planted material of another length', async () => {
    const { hsm } = await freshHsm()
    const plant = async (length: number) => hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', new Uint8Array(length))
    expect(await codeOf(plant(31))).toBe('invalidMaterial')
    expect(await codeOf(plant(33))).toBe('invalidMaterial')
  })
})
