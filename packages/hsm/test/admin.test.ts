import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createEmbeddedToken, embeddedToken, initToken, listTokens, pkcs11Token, testToken } from '@bongtu/hsm'
import { beforeAll, describe, expect, it } from 'vitest'
import { library } from './support/libraries.ts'
import { logOut, plantAesKey, rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { PIN, SO_PIN, softHsmFolder } from './support/softhsm.ts'

const folder = softHsmFolder()
const path = library('softhsm')
const label = 'made by bongtu'
const place = { modulePath: path, label, pin: PIN, options: {}, uri: '', pinFile: '' }
let uri = ''

beforeAll(async () => {
  uri = await initToken({ path, label, soPin: SO_PIN, pin: PIN })
})
const open = (options = {}) => pkcs11Token({ uri, modulePath: path, pin: () => PIN, ...options })

describe('initToken', () => {
  it('makes a token that other programs find, and answers the URI of this one alone', async () => {
    const [token] = (await listTokens({ path })).filter(({ initialized }) => initialized)
    expect(token?.label).toBe(label)
    expect(uri).toMatch(
      /^pkcs11:token=made%20by%20bongtu;manufacturer=SoftHSM%20project;serial=[0-9a-f]{16};model=SoftHSM%20v2$/,
    )
    const slots = execFileSync('pkcs11-tool', ['--module', path, '--list-token-slots'], { encoding: 'utf8' })
    expect(slots).toContain(label)
    expect(await open().keys()).toEqual([])
  })

  it('never makes one anew, nor a second of a label', async () => {
    await expect(initToken({ path, label, soPin: SO_PIN, pin: PIN })).rejects.toEqual(
      tokenErrorWith('tokenExists', label),
    )
    const [made] = await listTokens({ path })
    const again = initToken({ path, label: 'other', soPin: SO_PIN, pin: PIN, slot: made?.slot ?? '' })
    await expect(again).rejects.toEqual(tokenErrorWith('tokenExists', 'destroy'))
  })

  it('needs a slot that is there, a label that fits, and PINs', async () => {
    const valid = { path, label: 'x', soPin: SO_PIN, pin: PIN }
    await expect(initToken({ ...valid, slot: '999999' })).rejects.toEqual(tokenErrorWith('noSuchToken'))
    for (const wrong of [
      { label: '' },
      { label: 'x'.repeat(33) },
      { label: 'x ' },
      { pin: '' },
      { soPin: '' },
      { pin: '123' },
      { soPin: 'x'.repeat(256) },
    ]) {
      await expect(initToken({ ...valid, ...wrong })).rejects.toBeInstanceOf(RangeError)
    }
  })
})

describe('initToken, where a token of the label has no PIN of its user yet', () => {
  const [begun, other] = ['broken off', 'another slot']
  beforeAll(async () => {
    const { binding } = await rawModule(place)
    for (const each of [begun, other]) {
      const free = binding.C_GetSlotList(true).find((slot) => binding.C_GetTokenInfo(slot).label.trim() === '')
      if (free === undefined) throw new Error('no slot is free')
      binding.C_InitToken(free, SO_PIN, each.padEnd(32))
    }
  })

  it('gives it one', async () => {
    const made = await initToken({ path, label: begun, soPin: SO_PIN, pin: PIN })
    expect(await pkcs11Token({ uri: made, modulePath: path, pin: () => PIN }).keys()).toEqual([])
    await expect(initToken({ path, label: begun, soPin: SO_PIN, pin: PIN })).rejects.toEqual(
      tokenErrorWith('tokenExists'),
    )
  })

  it('gives none where the security officer is another, or the slot is', async () => {
    await expect(initToken({ path, label: other, soPin: '00000000', pin: PIN })).rejects.toEqual(
      tokenErrorWith('wrongPin'),
    )
    await expect(initToken({ path, label: other, soPin: SO_PIN, pin: PIN })).rejects.toEqual(
      tokenErrorWith('wrongPin', '--retry-pin'),
    )
    expect(await listTokens({ path })).toContainEqual(expect.objectContaining({ label: other, soPin: 'wrong before' }))
    const [made] = await listTokens({ path })
    const elsewhere = initToken({ path, label: other, soPin: SO_PIN, pin: PIN, slot: made?.slot ?? '' })
    await expect(elsewhere).rejects.toEqual(tokenErrorWith('tokenExists'))
  })
})

describe('listTokens', () => {
  it('shows every token of a module with what it claims, and asks for no PIN', async () => {
    const tokens = await listTokens({ path })
    expect(tokens).toContainEqual(
      expect.objectContaining({
        uri,
        label,
        initialized: true,
        loginRequired: true,
        pin: 'ok',
        soPin: 'ok',
        mechanisms: ['AES-GCM', 'AES key generation', 'RSA-OAEP', 'RSA key generation'],
      }),
    )
    expect(tokens).toContainEqual(expect.objectContaining({ label: '', initialized: false, pin: 'not set' }))
  })

  it('tells that a PIN was wrong before', async () => {
    await logOut(place)
    await expect(open({ pin: () => '000000' }).keys()).rejects.toEqual(tokenErrorWith('wrongPin'))
    expect(await listTokens({ path })).toContainEqual(expect.objectContaining({ uri, pin: 'wrong before' }))
    await open().keys()
  })
})

describe('testToken', () => {
  it('finds that an AES key serves, by using it', async () => {
    const token = open()
    const { checks, serves } = await testToken(token, await token.generateKey({ kind: 'aes', label: 'kek' }))
    expect(serves).toBe(true)
    expect(checks).toEqual([
      { name: 'stays in the token', passed: true, detail: 'sensitive and not extractable' },
      { name: 'AES-GCM', passed: true, detail: expect.stringContaining('equal to that of this process') },
      { name: 'messages', passed: true, detail: '24 written and read at once' },
    ])
  })

  it('finds with which paddings an RSA key serves: on SoftHSM2, with SHA-1 alone', async () => {
    const token = open()
    const { checks, serves, paddings } = await testToken(
      token,
      await token.generateKey({ kind: 'rsa', label: 'kek', bits: 2048 }),
    )
    expect({ serves, paddings }).toEqual({ serves: true, paddings: ['oaep-sha1'] })
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
      'oaep-sha256',
      'oaep-sha384',
      'oaep-sha512',
    ])
  })

  it('finds that a key which may leave the token does not serve', async () => {
    plantAesKey(await rawModule(place), new Uint8Array(32), {
      label: 'loose',
      extractable: true,
    })
    const token = open({ allowExtractable: true })
    const key = (await token.keys()).find((each) => each.label === 'loose')
    if (key === undefined) throw new Error('no key')
    const { checks, serves } = await testToken(token, key)
    expect(serves).toBe(false)
    expect(checks[0]).toEqual({ name: 'stays in the token', passed: false, detail: 'it is extractable' })
  })

  it('finds that a key without a label serves, by its id', async () => {
    const id = Buffer.of(1, 2)
    plantAesKey(await rawModule(place), new Uint8Array(32), { label: '', id })
    const token = open()
    const key = (await token.keys()).find((each) => each.label === '')
    if (key === undefined) throw new Error('no key')
    expect(await testToken(token, key)).toMatchObject({ serves: true })
  })

  it('finds that keys of an embedded token serve', async () => {
    const file = join(folder, 'embedded.token')
    await createEmbeddedToken({ file })
    const token = embeddedToken({ file })
    for (const key of [
      { kind: 'aes', label: 'k' },
      { kind: 'rsa', label: 'k', bits: 2048 },
    ] as const) {
      expect(await testToken(token, await token.generateKey(key))).toMatchObject({ serves: true })
    }
  })
})
