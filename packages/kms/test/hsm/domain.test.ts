import { describe, expect, it } from 'vitest'
import { createHsm, ephemeralRoot } from '../../src/hsm/factory.ts'
import type { RewrappedToken } from '../../src/hsm/port.ts'
import { codeOf, DAY, flipped, freshHsm, KEY_A, KEY_B, NOON, newBackingKey, offsetView, text } from './support.ts'

const rewrapped = (token: RewrappedToken | undefined): Uint8Array => {
  if (token === undefined || 'refused' in token) throw new Error('the token was refused')
  return token.token
}

describe('the domain', () => {
  it('a fresh HSM can do nothing with keys until a domain is installed', async () => {
    const hsm = createHsm({ rootKey: await ephemeralRoot()({ mayCreate: true }), now: () => NOON })
    expect(await codeOf(hsm.execute('createBackingKey', { key: KEY_A, spec: 'SYMMETRIC_DEFAULT' }))).toBe('noDomain')
    expect(await codeOf(hsm.execute('domainStatus', {}))).toBe('noDomain')
    expect(await codeOf(hsm.execute('rotateDomainKey', { leaving: [] }))).toBe('noDomain')
    expect((await hsm.execute('generateRandom', { numberOfBytes: 4 })).bytes.length).toBe(4)
    await hsm.execute('createDomain', {})
    expect(await codeOf(hsm.execute('domainStatus', {}))).toBe('noDomain')
  })

  it('§9.11 rotation makes a fresh key active and changes nothing until it is installed', async () => {
    const { hsm, clock } = await freshHsm()
    const before = await hsm.execute('domainStatus', {})
    expect(before).toEqual({
      version: 1,
      domainKeys: [{ id: expect.stringMatching(/^[0-9a-f]{32}$/), createdAt: NOON }],
    })
    clock.now += DAY
    const { domain, version } = await hsm.execute('rotateDomainKey', { leaving: [] })
    expect(version).toBe(2)
    expect(await hsm.execute('domainStatus', {})).toEqual(before)
    const after = await hsm.execute('installDomain', { domain: offsetView(domain) })
    expect(after.version).toBe(2)
    expect(after.domainKeys.map((key) => key.createdAt)).toEqual([NOON + DAY, NOON])
    expect(after.domainKeys[1]).toEqual(before.domainKeys[0])
  })

  it('§9.11 new tokens are under the active key, and deactivated keys still unwrap', async () => {
    const { hsm } = await freshHsm()
    const old = await newBackingKey(hsm, KEY_A)
    const sealed = await hsm.execute('encrypt', { ...old, plaintext: text('x'), encryptionContext: {} })
    const { domain } = await hsm.execute('rotateDomainKey', { leaving: [] })
    const { domainKeys } = await hsm.execute('installDomain', { domain })
    const young = await newBackingKey(hsm, KEY_A)
    expect(Buffer.from(young.token.subarray(3, 19)).toString('hex')).toBe(domainKeys[0]?.id)
    const opened = await hsm.execute('decrypt', { ...old, ...sealed, encryptionContext: {} })
    expect(opened.plaintext).toEqual(text('x'))
  })

  it('§9.11 a token under a departed domain key cannot be opened; one that was re-wrapped can', async () => {
    const { hsm } = await freshHsm()
    const left = await newBackingKey(hsm, KEY_A)
    const carried = { ...(await newBackingKey(hsm, KEY_B)) }
    const sealed = await hsm.execute('encrypt', { ...carried, plaintext: text('x'), encryptionContext: {} })
    const [first] = (await hsm.execute('domainStatus', {})).domainKeys
    for (let i = 1; i <= 8; i++) {
      const leaving = i < 8 ? [] : [first?.id ?? '']
      const { domain } = await hsm.execute('rotateDomainKey', { leaving })
      const { domainKeys } = await hsm.execute('installDomain', { domain })
      carried.token = rewrapped((await hsm.execute('rewrapTokens', { tokens: [carried] })).tokens[0])
      expect(domainKeys.length).toBe(Math.min(i + 1, 8))
      const use = hsm.execute('encrypt', { ...left, plaintext: text('x'), encryptionContext: {} })
      if (i < 8) await use
      else expect(await codeOf(use)).toBe('unknownDomainKey')
    }
    const opened = await hsm.execute('decrypt', { ...carried, ...sealed, encryptionContext: {} })
    expect(opened.plaintext).toEqual(text('x'))
  })

  it('the ring takes 32 domain keys, and no rotation beyond that unless one leaves; the active key never does', async () => {
    const { hsm } = await freshHsm()
    const rotated = async (leaving: readonly string[]) =>
      (await hsm.execute('installDomain', await hsm.execute('rotateDomainKey', { leaving }))).domainKeys
    for (let i = 2; i <= 32; i++) expect(await rotated([])).toHaveLength(i)
    expect(await codeOf(hsm.execute('rotateDomainKey', { leaving: [] }))).toBe('ringFull')
    const before = (await hsm.execute('domainStatus', {})).domainKeys.map(({ id }) => id)
    expect(await codeOf(hsm.execute('rotateDomainKey', { leaving: [before[0] ?? ''] }))).toBe('ringFull')
    const after = (await rotated([before[0] ?? '', before[20] ?? '', 'unknown'])).map(({ id }) => id)
    expect(after.slice(1)).toEqual(before.filter((_, index) => index !== 20))
  })

  it('§9.11 re-wrapping keeps id and order, and refuses a token of another key without keeping the others from it', async () => {
    const { hsm } = await freshHsm()
    const a = await newBackingKey(hsm, KEY_A)
    const b = await newBackingKey(hsm, KEY_B)
    await hsm.execute('installDomain', await hsm.execute('rotateDomainKey', { leaving: [] }))
    for (const tokens of [[], new Array(1001).fill(a)]) {
      expect(await codeOf(hsm.execute('rewrapTokens', { tokens }))).toBe('invalidParameter')
    }
    const crossed = { key: KEY_A, token: b.token }
    const strange = { ...a, token: Uint8Array.from(a.token, (byte, at) => (at === 5 ? byte ^ 1 : byte)) }
    const empty = { ...a, token: new Uint8Array(0) }
    const { tokens } = await hsm.execute('rewrapTokens', { tokens: [a, crossed, strange, empty, b] })
    expect(tokens.slice(1, 4)).toEqual([
      { refused: 'invalidToken' },
      { refused: 'unknownDomainKey' },
      { refused: 'invalidToken' },
    ])
    const ids = [tokens[0], tokens[4]].map((token) => Buffer.from(rewrapped(token).subarray(19, 51)).toString('hex'))
    expect(ids).toEqual([a.backingKeyId, b.backingKeyId])
  })

  it('refuses an older version of the domain than the one it holds', async () => {
    const { hsm } = await freshHsm()
    const second = await hsm.execute('rotateDomainKey', { leaving: [] })
    await hsm.execute('installDomain', second)
    const third = await hsm.execute('rotateDomainKey', { leaving: [] })
    await hsm.execute('installDomain', third)
    expect(await codeOf(hsm.execute('installDomain', second))).toBe('olderDomain')
    expect((await hsm.execute('installDomain', third)).version).toBe(3)
  })

  it('refuses a domain with any one byte altered, and one that another root sealed', async () => {
    const { hsm } = await freshHsm()
    const { hsm: other } = await freshHsm()
    const { domain } = await hsm.execute('rotateDomainKey', { leaving: [] })
    for (let at = 0; at < domain.length; at++) {
      expect(await codeOf(hsm.execute('installDomain', { domain: flipped(domain, at) })), `byte ${at}`).toBe(
        'wrongRoot',
      )
    }
    expect(await codeOf(hsm.execute('installDomain', { domain: domain.subarray(0, 20) }))).toBe('wrongRoot')
    expect(await codeOf(hsm.execute('installDomain', { domain: new Uint8Array(5000) }))).toBe('invalidParameter')
    expect(await codeOf(other.execute('installDomain', { domain }))).toBe('wrongRoot')
  })

  it('seals the installed domain under another root, and the tokens open there', async () => {
    const { hsm } = await freshHsm()
    const ref = await newBackingKey(hsm, KEY_A)
    const elsewhere = await ephemeralRoot()({ mayCreate: true })
    const { domain, version } = await hsm.resealDomain(
      (await hsm.execute('rotateDomainKey', { leaving: [] })).domain,
      elsewhere,
    )
    expect(version).toBe(2)
    const second = createHsm({ rootKey: elsewhere, now: () => NOON })
    await second.execute('installDomain', { domain })
    expect(
      (await second.execute('encrypt', { ...ref, plaintext: text('x'), encryptionContext: {} })).ciphertextBlob,
    ).toBeDefined()
  })

  it('every command and answer survives a structured clone: the port carries data only', async () => {
    const { hsm } = await freshHsm()
    const clone: typeof hsm.execute = async (command, parameters) =>
      structuredClone(await hsm.execute(command, structuredClone(parameters)))
    const key = { key: KEY_A, ...(await clone('createBackingKey', { key: KEY_A, spec: 'SYMMETRIC_DEFAULT' })) }
    const { ciphertextBlob } = await clone('generateDataKey', { ...key, numberOfBytes: 32, encryptionContext: {} })
    const { plaintext } = await clone('decrypt', { ...key, ciphertextBlob, encryptionContext: {} })
    expect(plaintext.length).toBe(32)
    await clone('installDomain', await clone('rotateDomainKey', { leaving: [] }))
    expect((await clone('domainStatus', {})).version).toBe(2)
  })
})
