import { testToken } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import type { Attribute } from '../src/pkcs11/binding.ts'
import * as ck from '../src/pkcs11/constants.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const open = (changes: Changes) =>
  pkcs11TokenOn(createModules(instrumented(changes).load), { uri: place.uri, pin: { file: place.pinFile } })
const labels = async (): Promise<string[]> => {
  await using token = open({})
  return (await token.keys()).map(({ label }) => label)
}
const isKept = (template: readonly Attribute[]): boolean =>
  template.some(({ type, value }) => type === ck.CKA_TOKEN && value === true)

describe('an RSA key', () => {
  const restrictions: readonly number[] = [ck.CKA_SIGN, ck.CKA_VERIFY]

  it('is made in a token whose keys always sign too, as those of a TPM do', async () => {
    const templates: (readonly Attribute[])[] = []
    await using token = open({
      C_GenerateKeyPairAsync: async (real, session, mechanism, publicTemplate, privateTemplate) => {
        templates.push([...publicTemplate, ...privateTemplate])
        if (templates.at(-1)?.some(({ type }) => restrictions.includes(type))) throw ckr('GENERAL_ERROR')
        return real.C_GenerateKeyPairAsync(session, mechanism, publicTemplate, privateTemplate)
      },
    })
    const key = await token.generateKey({ kind: 'rsa', label: 'of a TPM', bits: 2048 })
    expect(await testToken(token, key)).toMatchObject({ serves: true })
    const [first = [], second = []] = templates
    expect(first.filter(({ type }) => restrictions.includes(type)).map(({ value }) => value)).toEqual([false, false])
    expect(second).toEqual(first.filter(({ type }) => !restrictions.includes(type)))
  })

  it('is not made where the token refuses both ways: what it said then is the reason', async () => {
    const before = await labels()
    let calls = 0
    await using token = open({
      C_GenerateKeyPairAsync: async () => {
        throw ckr(calls++ === 0 ? 'TEMPLATE_INCONSISTENT' : 'DEVICE_MEMORY')
      },
    })
    await expect(token.generateKey({ kind: 'rsa', label: 'none', bits: 2048 })).rejects.toEqual(
      tokenErrorWith('failed', 'CKR_DEVICE_MEMORY'),
    )
    expect([calls, await labels()]).toEqual([2, before])
  })

  it('of fewer than 2,048 bits does not serve', async () => {
    const { binding, session } = await rawModule(place)
    const named = [
      { type: ck.CKA_TOKEN, value: true },
      { type: ck.CKA_LABEL, value: 'short' },
      { type: ck.CKA_ID, value: Buffer.of(7) },
    ]
    await binding.C_GenerateKeyPairAsync(
      session,
      { mechanism: ck.CKM_RSA_PKCS_KEY_PAIR_GEN },
      [
        ...named,
        { type: ck.CKA_MODULUS_BITS, value: 1024 },
        { type: ck.CKA_PUBLIC_EXPONENT, value: Buffer.of(1, 0, 1) },
      ],
      [
        ...named,
        { type: ck.CKA_PRIVATE, value: true },
        { type: ck.CKA_SENSITIVE, value: true },
        { type: ck.CKA_EXTRACTABLE, value: false },
        { type: ck.CKA_DECRYPT, value: true },
      ],
    )
    await using token = open({})
    const key = (await token.keys()).find(({ label }) => label === 'short')
    if (key === undefined) throw new Error('no key')
    const { checks, serves } = await testToken(token, key)
    expect(serves).toBe(false)
    expect(checks).toContainEqual({ name: 'length', passed: false, detail: 'must be at least 2048 bits, got 1024' })
  })
})

describe('an AES key', () => {
  /** No key but one that stays can be made, so that nothing can be tried. */
  const noProbes: Changes = {
    C_CreateObject: () => {
      throw ckr('TEMPLATE_INCONSISTENT')
    },
    C_GenerateKeyAsync: async (real, session, mechanism, template) => {
      if (!isKept(template)) throw ckr('TEMPLATE_INCONSISTENT')
      return real.C_GenerateKeyAsync(session, mechanism, template)
    },
  }

  it.each<[string, Changes]>([
    [
      'that fails at AES-GCM, as opencryptoki without a device does',
      {
        C_EncryptInit: () => {
          throw ckr('MECHANISM_INVALID')
        },
      },
    ],
    [
      'that neither takes a key to try nor offers AES-GCM, as a TPM',
      { ...noProbes, C_GetMechanismList: () => [ck.CKM_AES_KEY_GEN, ck.CKM_RSA_PKCS_OAEP] },
    ],
  ])('is not made in a token %s', async (_, changes) => {
    const before = await labels()
    await using token = open(changes)
    await expect(token.generateKey({ kind: 'aes', label: 'useless' })).rejects.toEqual(
      tokenErrorWith('unsupported', 'AES-GCM'),
    )
    expect(await labels()).toEqual(before)
  })

  it('is made in a token that takes no key to try but offers AES-GCM', async () => {
    await using token = open(noProbes)
    expect(await token.generateKey({ kind: 'aes', label: 'useful' })).toMatchObject({ label: 'useful', bits: 256 })
  })
})
