import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { refusedPinsIn } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import { initTokenOn, type NewToken } from '../src/admin/init-token.ts'
import * as ck from '../src/pkcs11/constants.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { type Pkcs11TokenOptions, pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { PIN, SO_PIN, softHsmToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const { uri, modulePath, label } = softHsmToken()
const ALL_FLAGS =
  ck.CKF_USER_PIN_COUNT_LOW |
  ck.CKF_USER_PIN_FINAL_TRY |
  ck.CKF_USER_PIN_LOCKED |
  ck.CKF_SO_PIN_COUNT_LOW |
  ck.CKF_SO_PIN_FINAL_TRY |
  ck.CKF_SO_PIN_LOCKED

/** A token that has three tries for each PIN. With `tells`, its flags say how many are left, as opencryptoki's do. */
function countingToken({ tells, without = 0 }: { tells: boolean; without?: number }) {
  const wrong = [0, 0]
  const steps = [
    [0, ck.CKF_SO_PIN_COUNT_LOW, ck.CKF_SO_PIN_FINAL_TRY, ck.CKF_SO_PIN_LOCKED],
    [0, ck.CKF_USER_PIN_COUNT_LOW, ck.CKF_USER_PIN_FINAL_TRY, ck.CKF_USER_PIN_LOCKED],
  ]
  let tries = 0
  let state = 0
  const attempt = (owner: number, isRight: boolean): void => {
    tries++
    if ((wrong[owner] ?? 0) >= 3) throw ckr('PIN_LOCKED')
    wrong[owner] = isRight ? 0 : (wrong[owner] ?? 0) + 1
    if (!isRight) throw ckr('PIN_INCORRECT')
  }
  const changes: Changes = {
    C_GetTokenInfo: (real, slot) => {
      const info = real.C_GetTokenInfo(slot)
      const told = tells ? steps.reduce((sum, flags, owner) => sum | (flags[wrong[owner] ?? 0] ?? 0), 0) : 0
      return { ...info, flags: (info.flags & ~ALL_FLAGS & ~without) | told }
    },
    C_InitToken: (_real, _slot, pin, given) => {
      attempt(ck.CKU_SO, pin === SO_PIN)
      return given
    },
    C_Login: (_real, _session, owner, pin) => {
      attempt(owner, pin === (owner === ck.CKU_SO ? SO_PIN : PIN))
      state = ck.CKS_RW_USER_FUNCTIONS
    },
    C_GetSessionInfo: () => ({ state }),
    C_InitPIN: () => {},
    C_Logout: () => {},
  }
  /** As in a process of its own, which remembers nothing. */
  const openModule = () => {
    state = 0
    return createModules(instrumented(changes).load)
  }
  return {
    init: (options: Partial<NewToken>) =>
      initTokenOn(openModule(), { path: modulePath, label, soPin: SO_PIN, pin: PIN, ...options }),
    use: (options: Partial<Pkcs11TokenOptions>) => pkcs11TokenOn(openModule(), { uri, ...options }).keys(),
    tries: () => tries,
    wrong: (owner: number) => wrong[owner],
  }
}

/** Of a token whose user has no PIN yet: making it was broken off. */
const begun = { without: ck.CKF_USER_PIN_INITIALIZED }
const wrongSoPin = { soPin: '11111111' }

describe("the security officer's PIN", () => {
  it('that is wrong is tried once however often a token is made, where the token tells of it', async () => {
    const token = countingToken({ tells: true, ...begun })
    await expect(token.init(wrongSoPin)).rejects.toEqual(tokenErrorWith('wrongPin', 'CKR_PIN_INCORRECT'))
    for (let each = 0; each < 3; each++)
      await expect(token.init(wrongSoPin)).rejects.toEqual(tokenErrorWith('wrongPin', '--retry-pin'))
    expect(token.tries()).toBe(1)
    await token.init({ retryPin: true })
    expect(token.wrong(ck.CKU_SO)).toBe(0)
  })

  it('never uses the last try, whatever is asked', async () => {
    const token = countingToken({ tells: true, ...begun })
    for (let each = 0; each < 5; each++) {
      await expect(token.init({ ...wrongSoPin, retryPin: true })).rejects.toEqual(
        tokenErrorWith(each < 2 ? 'wrongPin' : 'pinLocked', each < 2 ? 'INCORRECT' : 'one more wrong PIN would lock'),
      )
    }
    expect(token.tries()).toBe(2)
  })

  it('is not tried where it is locked', async () => {
    const token = countingToken({ tells: true, ...begun })
    const locked = instrumented({
      C_GetTokenInfo: (real, slot) => {
        const info = real.C_GetTokenInfo(slot)
        return { ...info, flags: (info.flags & ~ck.CKF_USER_PIN_INITIALIZED) | ck.CKF_SO_PIN_LOCKED }
      },
    })
    await expect(
      initTokenOn(createModules(locked.load), { path: modulePath, label, soPin: SO_PIN, pin: PIN, retryPin: true }),
    ).rejects.toEqual(tokenErrorWith('pinLocked', "security officer's PIN of pkcs11:token="))
    expect([locked.calls.get('C_Login'), token.tries()]).toEqual([undefined, 0])
  })

  it('of a token from the factory is not guessed by making it anew', async () => {
    const token = countingToken({ tells: true, without: ck.CKF_TOKEN_INITIALIZED })
    const anew = { label: 'new', slot: await firstSlot() }
    await expect(token.init({ ...anew, ...wrongSoPin })).rejects.toEqual(tokenErrorWith('wrongPin', 'INCORRECT'))
    await expect(token.init({ ...anew, ...wrongSoPin })).rejects.toEqual(tokenErrorWith('wrongPin', '--retry-pin'))
    expect(token.tries()).toBe(1)
  })
})

describe('a PIN that a token refused without telling it later, as a TPM does', () => {
  const secret = '86753090'

  it.each([
    [
      'of the security officer',
      begun,
      (token: ReturnType<typeof countingToken>) => ({
        wrong: (options: object) => token.init({ soPin: secret, ...options }),
        right: (options: object) => token.init(options),
      }),
    ],
    [
      'of the user',
      {},
      (token: ReturnType<typeof countingToken>) => ({
        wrong: (options: object) => token.use({ pin: () => secret, ...options }),
        right: (options: object) => token.use({ pin: () => PIN, ...options }),
      }),
    ],
  ])('%s, is remembered over processes until it is said to be right', async (_, kind, callsOf) => {
    const folder = join(temporaryFolder(), 'refused')
    const refusedPins = refusedPinsIn(folder)
    const token = countingToken({ tells: false, ...kind })
    const { wrong, right } = callsOf(token)
    await expect(wrong({ refusedPins })).rejects.toEqual(tokenErrorWith('wrongPin', 'INCORRECT'))
    for (const again of [wrong, wrong, right])
      await expect(again({ refusedPins })).rejects.toEqual(tokenErrorWith('wrongPin', '--retry-pin'))
    expect(token.tries()).toBe(1)
    const [name = ''] = readdirSync(folder)
    const text = readFileSync(join(folder, name), 'utf8')
    expect(JSON.parse(text)).toEqual({
      token: expect.stringContaining(label),
      owner: expect.stringMatching(/^(user|security officer)$/),
      refusedAt: expect.any(String),
    })
    expect(text).not.toContain(secret)
    await right({ refusedPins, retryPin: true })
    await right({ refusedPins })
    expect([token.tries(), readdirSync(folder)]).toEqual([3, []])
  })

  it('is not asked for again', async () => {
    const refusedPins = refusedPinsIn(temporaryFolder())
    const token = countingToken({ tells: false })
    let asked = 0
    const pin = (): string => {
      asked++
      return secret
    }
    for (let each = 0; each < 3; each++)
      await expect(token.use({ pin, refusedPins })).rejects.toEqual(tokenErrorWith('wrongPin'))
    expect(asked).toBe(1)
  })

  it('is not remembered where the token tells of it: its flags are enough', async () => {
    const folder = temporaryFolder()
    const token = countingToken({ tells: true })
    await expect(token.use({ pin: () => secret, refusedPins: refusedPinsIn(folder) })).rejects.toEqual(
      tokenErrorWith('wrongPin'),
    )
    expect(readdirSync(folder)).toEqual([])
  })
})

async function firstSlot(): Promise<string> {
  const { listTokens } = await import('@bongtu/hsm')
  return (await listTokens({ path: modulePath })).find((each) => each.label === label)?.slot ?? ''
}
