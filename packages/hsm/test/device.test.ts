import { localHsm, tokenRootKey } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import type { Binding, Handle } from '../src/pkcs11/binding.ts'
import * as ck from '../src/pkcs11/constants.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const { uri, pinFile } = place
const aad = new Uint8Array(0)
const some = Uint8Array.of(1, 2, 3)

function open(changes: Changes, sessions = 4) {
  const { load, calls } = instrumented(changes)
  const token = pkcs11TokenOn(createModules(load), { uri, pin: { file: pinFile }, sessions })
  return { token, calls: (name: keyof Binding) => calls.get(name) ?? 0 }
}

await open({}).token.generateKey({ kind: 'aes', label: 'kek' })

/** A device that can be taken out and put back. Whoever had sessions with it has them no more. */
function removable() {
  const sessions = new Set<Handle>()
  let present = true
  const known = (session: Handle): void => {
    if (!present) throw ckr('DEVICE_REMOVED')
    if (!sessions.has(session)) throw ckr('SESSION_HANDLE_INVALID')
  }
  const changes: Changes = {
    C_GetSlotList: (real, tokenPresent) => (present ? real.C_GetSlotList(tokenPresent) : []),
    C_OpenSession: (real, slot, flags) => {
      if (!present) throw ckr('TOKEN_NOT_PRESENT')
      const session = real.C_OpenSession(slot, flags)
      sessions.add(session)
      return session
    },
    C_EncryptInit: (real, session, mechanism, key) => {
      known(session)
      real.C_EncryptInit(session, mechanism, key)
    },
    C_EncryptAsync: async (real, session, input, output) => {
      known(session)
      return real.C_EncryptAsync(session, input, output)
    },
    C_FindObjectsInit: (real, session, template) => {
      known(session)
      real.C_FindObjectsInit(session, template)
    },
  }
  return {
    changes,
    remove: () => {
      present = false
      sessions.clear()
    },
    putBack: () => {
      present = true
    },
  }
}

describe('a device', () => {
  it('that was taken out fails every call as gone, and serves again once it is back', async () => {
    const { changes, remove, putBack } = removable()
    const { token } = open(changes)
    const key = token.aesKey({ label: 'kek' })
    await key.seal(some, aad)
    remove()
    for (let time = 0; time < 3; time++)
      await expect(key.seal(some, aad)).rejects.toEqual(tokenErrorWith('unavailable'))
    putBack()
    const sealed = await key.seal(some, aad)
    expect(await key.open(sealed, aad)).toEqual(some)
  })

  it('that is taken out under many calls fails each of them, those that wait for a session too', async () => {
    const { changes, remove, putBack } = removable()
    const { token } = open(changes, 2)
    const key = token.aesKey({ label: 'kek' })
    await key.seal(some, aad)
    const calls = Array.from({ length: 12 }, () => key.seal(some, aad))
    remove()
    for (const outcome of await Promise.allSettled(calls)) {
      if (outcome.status === 'rejected') expect(outcome.reason).toEqual(tokenErrorWith('unavailable'))
    }
    putBack()
    expect((await key.seal(some, aad)).iv).toHaveLength(12)
  })

  it('that is out and back between two calls goes unnoticed', async () => {
    const { changes, remove, putBack } = removable()
    const key = open(changes).token.aesKey({ label: 'kek' })
    await key.seal(some, aad)
    remove()
    putBack()
    expect((await key.seal(some, aad)).iv).toHaveLength(12)
  })

  it('that is gone is the reason why a keyring passes over its encrypted data keys', async () => {
    const { changes, remove } = removable()
    const { token } = open(changes)
    const keyring = localHsm({ token, key: 'kek', namespace: 'n', name: 'k' })
    remove()
    const { decrypt, encrypt } = await import('@bongtu/client')
    const { ciphertext } = await encrypt(some, {
      keyring: localHsm({ token: open({}).token, key: 'kek', namespace: 'n', name: 'k' }),
    })
    const error: unknown = await decrypt(ciphertext, { keyring }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_NO_KEY', attempts: [{ cause: tokenErrorWith('noSuchToken') }] })
  })

  it('that does not answer is tried once more, and then the call fails', async () => {
    const { token, calls } = open({
      C_EncryptInit: () => {
        throw ckr('DEVICE_ERROR')
      },
    })
    await expect(token.aesKey({ label: 'kek' }).seal(some, aad)).rejects.toEqual(
      tokenErrorWith('unavailable', 'DEVICE_ERROR'),
    )
    expect(calls('C_EncryptInit')).toBe(2)
  })

  it('whose sessions close at once whenever one is used fails in the end', async () => {
    const { token, calls } = open({
      C_EncryptInit: () => {
        throw ckr('SESSION_CLOSED')
      },
    })
    await expect(token.aesKey({ label: 'kek' }).seal(some, aad)).rejects.toEqual(
      tokenErrorWith('failed', 'SESSION_CLOSED'),
    )
    expect(calls('C_EncryptInit')).toBe(16)
  })

  it('that has fewer sessions than are wanted, to others too, serves all callers with those it has', async () => {
    let left = 2
    const { token } = open(
      {
        C_OpenSession: (real, slot, flags) => {
          if (left === 0) throw ckr('SESSION_COUNT')
          left--
          return real.C_OpenSession(slot, flags)
        },
        C_CloseSession: (real, session) => {
          left++
          real.C_CloseSession(session)
        },
      },
      8,
    )
    const key = token.aesKey({ label: 'kek' })
    expect(await Promise.all(Array.from({ length: 20 }, () => key.seal(some, aad)))).toHaveLength(20)
    await token.close()
    left = 0
    const starved = open({
      C_OpenSession: () => {
        throw ckr('SESSION_COUNT')
      },
    })
    await expect(starved.token.keys()).rejects.toEqual(tokenErrorWith('noSession'))
  })

  it('is logged in to again where the login was lost', async () => {
    const { token, calls } = open({})
    const key = token.aesKey({ label: 'kek' })
    await key.seal(some, aad)
    const before = calls('C_Login')
    const { binding, session } = await rawModule(place)
    binding.C_Logout(session)
    expect((await key.seal(some, aad)).iv).toHaveLength(12)
    expect(calls('C_Login')).toBe(before + 1)
  })

  it('is logged in to again where the login was lost before a key is first looked up: nothing seems to be gone', async () => {
    const { token } = open({})
    const { binding, session } = await rawModule(place)
    for (const lookUp of [
      async () => expect(await token.keys()).toHaveLength(1),
      async () => expect((await token.aesKey({ label: 'kek' }).seal(some, aad)).iv).toHaveLength(12),
      async () => tokenRootKey(token, 'kek')({ mayCreate: false }),
    ]) {
      binding.C_Logout(session)
      await lookUp()
    }
  })

  it('in which another process makes a key of the same label at that moment says so, and roots a KMS all the same', async () => {
    const another: Changes = {
      C_GenerateKeyAsync: async (real, session, mechanism, template) => {
        const others = template.map((each) => (each.type === ck.CKA_ID ? { ...each, value: Buffer.of(1) } : each))
        await real.C_GenerateKeyAsync(session, mechanism, others)
        return real.C_GenerateKeyAsync(session, mechanism, template)
      },
    }
    const { token } = open(another)
    await expect(token.generateKey({ kind: 'aes', label: 'both' })).rejects.toEqual(tokenErrorWith('severalSuchKeys'))
    const root = await tokenRootKey(token, 'both roots')({ mayCreate: true })
    const sealed = await root.seal(some)
    expect(await (await tokenRootKey(token, 'both roots')({ mayCreate: false })).open(sealed)).toEqual(some)
  })

  it('whose module does not initialize, as with a configuration that is missing, has no module', async () => {
    const { token } = open({
      C_Initialize: () => {
        throw ckr('GENERAL_ERROR')
      },
    })
    await expect(token.keys()).rejects.toEqual(tokenErrorWith('noModule', 'CKR_GENERAL_ERROR'))
  })

  it('that is closed while it is first reached opens nothing', async () => {
    const { token, calls } = open({})
    const listing = token.keys()
    await token.close()
    await expect(listing).rejects.toEqual(tokenErrorWith('closed'))
    expect(calls('C_OpenSession')).toBe(0)
  })

  it('whose module somebody else finalized is initialized again', async () => {
    const { token } = open({})
    const key = token.aesKey({ label: 'kek' })
    await key.seal(some, aad)
    const { default: pkcs11js } = await import('pkcs11js')
    const other = new pkcs11js.PKCS11()
    other.load(place.modulePath)
    other.C_Finalize()
    expect((await key.seal(some, aad)).iv).toHaveLength(12)
  })
})
