import { randomBytes } from 'node:crypto'
import { decrypt, encrypt } from '@bongtu/client'
import { localHsm } from '@bongtu/hsm'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Binding, Mechanism } from '../src/pkcs11/binding.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { plantAesKey, rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const exported = randomBytes(32)
const plaintext = Uint8Array.of(1, 2, 3)
const name = { namespace: 'variants', name: 'kek' }

beforeAll(async () => {
  plantAesKey(await rawModule(place), exported, { label: 'kek' })
})

function tokenThat(changes: Changes) {
  const { load } = instrumented(changes)
  return pkcs11TokenOn(createModules(load), { uri: place.uri, pin: { file: place.pinFile } })
}

const ivOf = ({ parameter }: Mechanism): Buffer => {
  if (parameter === undefined || !('iv' in parameter)) throw new Error('no initialisation vector')
  return parameter.iv
}

/** As AWS documents CloudHSM: the application gives zeros, and the token writes its own vector over them. */
const choosesItsOwn: Changes = {
  C_EncryptInit: (real, session, mechanism, key) => {
    if (ivOf(mechanism).some((byte) => byte !== 0)) throw ckr('MECHANISM_PARAM_INVALID')
    ivOf(mechanism).set(randomBytes(12))
    real.C_EncryptInit(session, mechanism, key)
  },
}

const overwritesOurs: Changes = {
  C_EncryptInit: (real, session, mechanism, key) => {
    ivOf(mechanism).set(randomBytes(12))
    real.C_EncryptInit(session, mechanism, key)
  },
}

const takesNoKey: Changes = {
  C_CreateObject: () => {
    throw ckr('TEMPLATE_INCONSISTENT')
  },
}

const makesNoKey: Changes = {
  ...takesNoKey,
  C_GenerateKeyAsync: async () => {
    throw ckr('FUNCTION_NOT_SUPPORTED')
  },
}

describe('a token serves as a keyring, and an exported copy of its key reads its messages, where it', () => {
  it.each<[string, Changes, string]>([
    ['does AES-GCM as its standard says', {}, 'CKM_AES_GCM, equal to'],
    ['chooses its own initialisation vectors', choosesItsOwn, 'CKM_AES_GCM with the IV of the token, equal to'],
    ['overwrites the vectors that it is given', overwritesOurs, 'CKM_AES_GCM with the IV of the token, equal to'],
    ['takes no keys from outside', takesNoKey, 'CKM_AES_GCM, seen to open its own'],
    ['takes and makes no keys of a session', makesNoKey, 'CKM_AES_GCM, seen to open its own'],
    [
      'chooses vectors and takes no keys',
      { ...choosesItsOwn, ...takesNoKey },
      'CKM_AES_GCM with the IV of the token, seen',
    ],
  ])('%s', async (_, changes, proof) => {
    const token = tokenThat(changes)
    expect(await token.aesKey({ label: 'kek' }).proof()).toContain(proof)
    const inToken = localHsm({ token, key: 'kek', ...name })
    const copy = rawAes({ key: exported, ...name })
    for (const [from, to] of [
      [inToken, copy],
      [copy, inToken],
      [inToken, inToken],
    ] as const) {
      const { ciphertext } = await encrypt(plaintext, { keyring: from, encryptionContext: { a: 'b' } })
      expect((await decrypt(ciphertext, { keyring: to })).plaintext).toEqual(plaintext)
    }
  })
})

const onDecrypt = (change: (real: Binding, mechanism: Mechanism) => Mechanism): Changes => ({
  C_DecryptInit: (real, session, mechanism, key) => real.C_DecryptInit(session, change(real, mechanism), key),
  C_EncryptInit: (real, session, mechanism, key) => real.C_EncryptInit(session, change(real, mechanism), key),
})

describe('a token is refused as a keyring where it', () => {
  it.each<[string, Changes]>([
    [
      'takes a vector of zeros as it is, and no other',
      {
        C_EncryptInit: (real, session, mechanism, key) => {
          if (ivOf(mechanism).some((byte) => byte !== 0)) throw ckr('MECHANISM_PARAM_INVALID')
          real.C_EncryptInit(session, mechanism, key)
        },
      },
    ],
    [
      'leaves additional data out',
      onDecrypt((_, { mechanism, parameter }) => {
        if (parameter === undefined || !('iv' in parameter)) throw new Error('no parameter')
        const { type, iv, ivBits, tagBits } = parameter
        return { mechanism, parameter: { type, iv, ivBits, tagBits } }
      }),
    ],
    [
      'opens what was altered',
      {
        C_DecryptAsync: async (real, session, input, output) => {
          await real.C_DecryptAsync(session, input, output).catch(() => {})
          return Buffer.from(Array.from({ length: 32 }, (_, at) => at))
        },
      },
    ],
    [
      'seals to something else than AES-GCM',
      {
        C_EncryptAsync: async (real, session, input, output) =>
          Buffer.from((await real.C_EncryptAsync(session, input, output)).map((byte) => byte ^ 0x55)),
        C_DecryptAsync: (real, session, input, output) =>
          real.C_DecryptAsync(session, Buffer.from(input.map((byte) => byte ^ 0x55)), output),
      },
    ],
    [
      'answers a shorter tag',
      {
        C_EncryptAsync: async (real, session, input, output) =>
          (await real.C_EncryptAsync(session, input, output)).subarray(0, -4),
      },
    ],
    [
      'lacks the mechanism',
      {
        C_EncryptInit: () => {
          throw ckr('MECHANISM_INVALID')
        },
      },
    ],
  ])('%s', async (_, changes) => {
    const token = tokenThat(changes)
    await expect(token.aesKey({ label: 'kek' }).proof()).rejects.toEqual(tokenErrorWith('unsupported', 'AES-GCM'))
    const keyring = localHsm({ token, key: 'kek', ...name })
    await expect(encrypt(plaintext, { keyring })).rejects.toMatchObject({
      code: 'ERR_KEYRING',
      cause: tokenErrorWith('unsupported'),
    })
  })

  it('opens with zeros of another key only: a real key is never tried under a vector of zeros', async () => {
    const seen: boolean[] = []
    const token = tokenThat({
      ...makesNoKey,
      C_EncryptInit: (_real, _session, mechanism) => {
        seen.push(ivOf(mechanism).every((byte) => byte === 0))
        throw ckr('MECHANISM_PARAM_INVALID')
      },
    })
    await expect(token.aesKey({ label: 'kek' }).proof()).rejects.toEqual(tokenErrorWith('unsupported'))
    expect(seen).toEqual([false, false])
  })
})
