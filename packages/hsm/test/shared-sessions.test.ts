import { decrypt, encrypt } from '@bongtu/client'
import { localHsm } from '@bongtu/hsm'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Handle } from '../src/pkcs11/binding.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { ckr, instrumented } from './support/instrumented.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const some = Uint8Array.of(1, 2, 3)
const keyUri = `${place.uri.replace('?', ';object=kek?')}&pin-source=file:${place.pinFile}`
const options = { uri: place.uri, pin: { file: place.pinFile } }
/** Of this process, however they were opened. */
let openSessions = 0

beforeAll(async () => {
  await using token = pkcs11TokenOn(createModules(instrumented().load), options)
  await token.generateKey({ kind: 'aes', label: 'kek' })
  const { default: pkcs11js } = await import('pkcs11js')
  const { prototype } = pkcs11js.PKCS11
  const { C_OpenSession: openOne, C_CloseSession: closeOne } = prototype
  vi.spyOn(prototype, 'C_OpenSession').mockImplementation(function (this: typeof prototype, ...args) {
    openSessions++
    return openOne.apply(this, args)
  })
  vi.spyOn(prototype, 'C_CloseSession').mockImplementation(function (this: typeof prototype, ...args) {
    openSessions--
    return closeOne.apply(this, args)
  })
})

/** A module whose token has sixteen sessions, and those that are open. */
function sixteenSessions() {
  const open = new Set<string>()
  let most = 0
  const { load } = instrumented({
    C_OpenSession: (real, slot, flags): Handle => {
      if (open.size >= 16) throw ckr('SESSION_COUNT')
      const session = real.C_OpenSession(slot, flags)
      open.add(session.toString('hex'))
      most = Math.max(most, open.size)
      return session
    },
    C_CloseSession: (real, session) => {
      open.delete(session.toString('hex'))
      real.C_CloseSession(session)
    },
  })
  return { openModule: createModules(load), open, most: () => most }
}

describe('keyrings on one token', () => {
  it('share its sessions, and close them when the last is disposed of', async () => {
    const keyrings = Array.from({ length: 20 }, () => localHsm({ uri: keyUri }))
    for (const keyring of keyrings) {
      const { ciphertext } = await encrypt(some, { keyring })
      expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(some)
    }
    expect(openSessions).toBe(1)
    await Promise.all(keyrings.map((keyring) => encrypt(some, { keyring })))
    expect(openSessions).toBeLessThanOrEqual(8)
    const [last, ...others] = keyrings
    if (last === undefined) throw new Error('no keyring')
    for (const keyring of others) await keyring[Symbol.asyncDispose]()
    expect(openSessions).toBeGreaterThan(0)
    await encrypt(some, { keyring: last })
    await last[Symbol.asyncDispose]()
    expect(openSessions).toBe(0)
    await expect(encrypt(some, { keyring: last })).rejects.toMatchObject({ cause: tokenErrorWith('closed') })
  })

  it('of any number are content with a token that has sixteen sessions', async () => {
    const { openModule, open, most } = sixteenSessions()
    const tokens = Array.from({ length: 100 }, () => pkcs11TokenOn(openModule, options))
    const keyrings = tokens.map((token) => localHsm({ token, key: 'kek', namespace: 'n', name: 'k' }))
    await Promise.all(keyrings.map((keyring) => encrypt(some, { keyring })))
    expect(most()).toBeLessThanOrEqual(8)
    for (const token of tokens) await token.close()
    expect(open.size).toBe(0)
  })

  it('have as many sessions as the one that wants the most', async () => {
    const { openModule, most } = sixteenSessions()
    const [few, many] = [2, 12].map((sessions) => pkcs11TokenOn(openModule, { ...options, sessions }))
    const seal = (token: typeof few) =>
      Promise.all(Array.from({ length: 40 }, () => token?.aesKey({ label: 'kek' }).seal(some, some)))
    await seal(few)
    expect(most()).toBe(2)
    await Promise.all([seal(few), seal(many)])
    expect(most()).toBe(12)
    await few?.close()
    await many?.close()
  })

  it('leave a token open that they were given', async () => {
    await using token = pkcs11TokenOn(createModules(instrumented().load), options)
    {
      await using keyring = localHsm({ token, key: 'kek', namespace: 'n', name: 'k' })
      await encrypt(some, { keyring })
    }
    expect(await token.keys()).toHaveLength(1)
  })

  it('go on where another is closed while calls are under way', async () => {
    const { openModule, open } = sixteenSessions()
    const [first, second] = [pkcs11TokenOn(openModule, options), pkcs11TokenOn(openModule, options)]
    const calls = [first, second].flatMap((token) =>
      Array.from({ length: 20 }, () => token.aesKey({ label: 'kek' }).seal(some, some)),
    )
    await first.close()
    const outcomes = await Promise.allSettled(calls)
    expect(outcomes.slice(20).every(({ status }) => status === 'fulfilled')).toBe(true)
    await second.close()
    expect(open.size).toBe(0)
  })
})
