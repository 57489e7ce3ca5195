import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PinSource } from '@bongtu/hsm'
import { afterEach, describe, expect, it } from 'vitest'
import * as ck from '../src/pkcs11/constants.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { logOut, rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { PIN, softHsmToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const place = softHsmToken()
const { uri, pinFile } = place
const folder = temporaryFolder()

/** A login is of the whole process. */
afterEach(() => logOut(place))

/** A process of its own as far as modules go: what it counts begins at nothing, and nobody is logged in. */
function processOfItsOwn(changes: Changes = {}) {
  let state = 0
  const { load, calls } = instrumented({
    C_GetSessionInfo: () => ({ state }),
    C_Login: (real, session, userType, pin) => {
      real.C_Login(session, userType, pin)
      state = ck.CKS_RW_USER_FUNCTIONS
    },
    ...changes,
  })
  const openModule = createModules(load)
  const open = (pin?: PinSource, options = {}) =>
    pkcs11TokenOn(openModule, { uri, ...(pin === undefined ? {} : { pin }), ...options })
  return { open, logins: () => calls.get('C_Login') ?? 0 }
}

const withFlags = (flags: number): Changes => ({
  C_GetTokenInfo: (real, slot) => {
    const info = real.C_GetTokenInfo(slot)
    return { ...info, flags: info.flags | flags }
  },
})

describe('a wrong PIN', () => {
  it('is tried once, however often and by whomever the token is used, until the PIN is another', async () => {
    const { open, logins } = processOfItsOwn()
    const file = join(folder, 'changing pin')
    writeFileSync(file, '000000')
    const first = open({ file })
    const others = [open({ file }), open(() => '000000'), open({ env: 'BONGTU_HSM_TEST_PIN' })]
    process.env.BONGTU_HSM_TEST_PIN = '000000'
    for (const token of [first, first, ...others, first]) {
      await expect(token.keys()).rejects.toEqual(tokenErrorWith('wrongPin'))
    }
    await Promise.allSettled(
      Array.from({ length: 20 }, () => first.aesKey({ label: 'kek' }).seal(Uint8Array.of(1), Uint8Array.of())),
    )
    expect(logins()).toBe(1)
    writeFileSync(file, `${PIN}\n`)
    expect(await first.keys()).toEqual([])
    expect(logins()).toBe(2)
  })

  it('is tried once on a module that goes by two names', async () => {
    const { open, logins } = processOfItsOwn()
    const otherName = join(folder, 'other name.so')
    symlinkSync(place.modulePath, otherName)
    const byOtherName = { uri: uri.replace(/module-path=.*/, `module-path=${encodeURIComponent(otherName)}`) }
    for (const token of [open(() => '000000'), open(() => '000000', byOtherName)]) {
      await expect(token.keys()).rejects.toEqual(tokenErrorWith('wrongPin'))
    }
    expect(logins()).toBe(1)
  })

  it('is not in what is thrown', async () => {
    const { open } = processOfItsOwn()
    const pin = '667788'
    for (let time = 0; time < 2; time++) {
      const error: unknown = await open(() => pin)
        .keys()
        .catch((thrown: unknown) => thrown)
      expect(error).toEqual(tokenErrorWith('wrongPin'))
      expect(`${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`).not.toContain(
        pin,
      )
    }
  })

  it('is never the one that locks a token: the last try is left to people', async () => {
    const { open, logins } = processOfItsOwn(withFlags(ck.CKF_USER_PIN_FINAL_TRY))
    await expect(open({ file: pinFile }).keys()).rejects.toEqual(tokenErrorWith('pinLocked', 'one more wrong PIN'))
    expect(logins()).toBe(0)
  })
})

describe('a login', () => {
  it('is one for all calls that come at once, and its PIN is asked for once', async () => {
    const { open, logins } = processOfItsOwn()
    let asked = 0
    const token = open(async (name) => {
      expect(name).toBe('pkcs11:token=bongtu%20tests')
      asked++
      return PIN
    })
    await Promise.all(Array.from({ length: 12 }, () => token.keys()))
    expect([logins(), asked]).toEqual([1, 1])
  })

  it('is not repeated, nor a PIN asked for, where the process is logged in already', async () => {
    await rawModule(place)
    const { open, logins } = processOfItsOwn({ C_GetSessionInfo: (real, session) => real.C_GetSessionInfo(session) })
    let asked = 0
    await open(() => `${++asked}`).keys()
    expect([logins(), asked]).toEqual([0, 0])
  })

  it.each([['locked', ck.CKF_USER_PIN_LOCKED, 'pinLocked']] as const)(
    'is not tried on a token whose PIN is %s',
    async (_, flag, code) => {
      const { open, logins } = processOfItsOwn(withFlags(flag))
      await expect(open({ file: pinFile }).keys()).rejects.toEqual(tokenErrorWith(code))
      expect(logins()).toBe(0)
    },
  )

  it('is not tried on a token without a PIN', async () => {
    const { open, logins } = processOfItsOwn({
      C_GetTokenInfo: (real, slot) => ({
        ...real.C_GetTokenInfo(slot),
        flags: ck.CKF_LOGIN_REQUIRED | ck.CKF_TOKEN_INITIALIZED,
      }),
    })
    await expect(open({ file: pinFile }).keys()).rejects.toEqual(tokenErrorWith('pinNotSet'))
    expect(logins()).toBe(0)
  })

  it('is not needed where the token asks for none', async () => {
    const { open, logins } = processOfItsOwn({
      C_GetTokenInfo: (real, slot) => ({ ...real.C_GetTokenInfo(slot), flags: ck.CKF_TOKEN_INITIALIZED }),
    })
    expect(await open().keys()).toEqual([])
    expect(logins()).toBe(0)
  })

  it('is left to the keypad of a device that has one, and a wrong PIN there is not asked for again', async () => {
    const typed: (string | undefined)[] = []
    const { open } = processOfItsOwn({
      ...withFlags(ck.CKF_PROTECTED_AUTHENTICATION_PATH),
      C_Login: (_real, _session, _user, pin) => {
        typed.push(pin)
        throw ckr('PIN_INCORRECT')
      },
    })
    const token = open()
    await expect(token.keys()).rejects.toEqual(tokenErrorWith('wrongPin'))
    await expect(token.keys()).rejects.toEqual(tokenErrorWith('wrongPin', 'not tried again'))
    expect(typed).toEqual([undefined])
  })

  it.each([
    ['PIN_LOCKED', 'pinLocked'],
    ['PIN_EXPIRED', 'pinLocked'],
    ['USER_PIN_NOT_INITIALIZED', 'pinNotSet'],
    ['USER_ANOTHER_ALREADY_LOGGED_IN', 'denied'],
    ['FUNCTION_FAILED', 'failed'],
  ] as const)('that fails with CKR_%s is %s', async (name, code) => {
    const { open } = processOfItsOwn({
      C_Login: () => {
        throw ckr(name)
      },
    })
    await expect(open({ file: pinFile }).keys()).rejects.toEqual(tokenErrorWith(code, `CKR_${name}`))
  })
})

describe('a PIN', () => {
  const latin1File = join(folder, 'latin1')
  writeFileSync(latin1File, Buffer.from('pässwort', 'latin1'))

  it.each([
    ['no source', undefined, 'asks for a PIN'],
    ['a file that is not there', { file: join(folder, 'absent') }, 'absent'],
    ['a file that is no text', { file: latin1File }, 'not valid'],
    ['a variable that is not set', { env: 'BONGTU_HSM_TEST_ABSENT' }, 'BONGTU_HSM_TEST_ABSENT'],
    ['an empty answer', () => '', 'holds no PIN'],
    ['an answer that is no PIN', () => 'x'.repeat(1025), 'longer'],
  ])('that has %s is an error and no login', async (_, pin, message) => {
    const { open, logins } = processOfItsOwn()
    await expect(open(pin).keys()).rejects.toEqual(tokenErrorWith('noPin', message))
    expect(logins()).toBe(0)
  })

  it('comes from the URI: a path, a file URL, a variable', async () => {
    process.env.BONGTU_HSM_TEST_PIN = PIN
    const encoded = encodeURIComponent(pinFile)
    for (const source of [`file:${encoded}`, `file://${encoded}`, 'env:BONGTU_HSM_TEST_PIN']) {
      const { load } = instrumented()
      const token = pkcs11TokenOn(createModules(load), { uri: `${uri}&pin-source=${source}` })
      expect(await token.keys()).toEqual([])
    }
  })

  it('comes whole from a pipe that is written to bit by bit', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { open } = processOfItsOwn()
    const listing = open({ file: pipe }).keys()
    const writer = await openFile(pipe, 'w')
    for (const bit of PIN) await writer.write(bit)
    await writer.close()
    expect(await listing).toEqual([])
  })

  it.each([
    ['a command', 'pin-source=|/bin/pin'],
    ['another scheme', 'pin-source=https://example.com/pin'],
    ['a file without a name', 'pin-source=file:'],
    ['a variable without a name', 'pin-source=env:'],
    ['the PIN itself', 'pin-value=1234'],
  ])('does not come from %s in the URI', (_, query) => {
    expect(() => pkcs11TokenOn(createModules(instrumented().load), { uri: `${uri}&${query}` })).toThrow(TypeError)
  })
})
