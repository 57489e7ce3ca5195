import { pkcs11Token, testToken } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import * as ck from '../src/pkcs11/constants.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { instrumented } from './support/instrumented.ts'
import { nssToken } from './support/nss.ts'
import { find, rawModule, readFailure } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'

const place = nssToken()
const { uri, options } = place

describe("NSS's softoken", () => {
  it('gets its database and thread-safe locking at initialization, and a wrong PIN once', async () => {
    const flags: number[] = []
    const { load, calls } = instrumented({
      C_Initialize: (real, given) => {
        flags.push(given.flags)
        real.C_Initialize(given)
      },
    })
    const token = pkcs11TokenOn(createModules(load), { uri, pin: () => 'not the password', ...options })
    for (let time = 0; time < 5; time++) await expect(token.keys()).rejects.toEqual(tokenErrorWith('wrongPin'))
    expect([flags, calls.get('C_Login')]).toEqual([[ck.CKF_OS_LOCKING_OK], 1])
  })

  it('is not mistaken for another of its databases: a process has one', async () => {
    const other = pkcs11Token({ uri, pin: () => place.pin, libraryParameters: "configdir='sql:/nowhere'" })
    const one = pkcs11Token({ uri, pin: () => place.pin, ...options })
    expect(await one.keys()).toEqual([])
    await expect(other.keys()).rejects.toEqual(tokenErrorWith('noModule', 'other parameters'))
  })

  it('serves with AES-GCM by known answers, and with OAEP of every hash', async () => {
    const token = pkcs11Token({ uri, pin: { file: place.pinFile }, ...options })
    const aes = await testToken(token, await token.generateKey({ kind: 'aes', label: 'kek' }))
    expect(aes).toMatchObject({ serves: true })
    expect(aes.checks[1]?.detail).toContain('CKM_AES_GCM, equal to')
    const rsa = await testToken(token, await token.generateKey({ kind: 'rsa', label: 'kek', bits: 2048 }))
    expect(rsa.paddings).toEqual(['oaep-sha1', 'oaep-sha256', 'oaep-sha384', 'oaep-sha512'])
  })

  it('shows no value of a key that was made in it', async () => {
    const raw = await rawModule(place)
    const label = { type: ck.CKA_LABEL, value: Buffer.from('kek') }
    const [aes] = find(raw, [{ type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY }, label])
    const [rsa] = find(raw, [{ type: ck.CKA_CLASS, value: ck.CKO_PRIVATE_KEY }, label])
    if (aes === undefined || rsa === undefined) throw new Error('the keys are gone')
    expect(readFailure(raw, aes, ck.CKA_VALUE)).toBe('CKR_ATTRIBUTE_SENSITIVE')
    expect(readFailure(raw, rsa, ck.CKA_PRIVATE_EXPONENT)).toBe('CKR_ATTRIBUTE_SENSITIVE')
  })
})
