import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decrypt, encrypt } from '@bongtu/client'
import { localHsm, pkcs11Token, type Token } from '@bongtu/hsm'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { algorithmSuites, suiteNamed } from '@bongtu/message-format'
import { beforeAll, describe, expect, it } from 'vitest'
import { nssToken } from './support/nss.ts'
import { plantAesKey, rawModule } from './support/raw-module.ts'
import { softHsmToken, type TestToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const plaintext = new TextEncoder().encode('a message')
const encryptionContext = { tenant: 'acme', 한글: '봉투', empty: '' }
const commitmentPolicy = 'forbid-encrypt-allow-decrypt'
const namespace = 'interop'

async function bothWays(
  a: Parameters<typeof encrypt>[1]['keyring'],
  b: Parameters<typeof encrypt>[1]['keyring'],
): Promise<void> {
  for (const suite of algorithmSuites) {
    const policy = suite.committing ? {} : ({ commitmentPolicy } as const)
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const options = { keyring: from, encryptionContext, algorithmSuite: suite.id, ...policy }
      const { ciphertext } = await encrypt(plaintext, options)
      const opened = await decrypt(ciphertext, { keyring: to, encryptionContext, ...policy })
      expect(opened.plaintext).toEqual(plaintext)
    }
  }
}

const places: readonly [string, TestToken][] = [
  ['SoftHSM2', softHsmToken()],
  ["NSS's softoken", nssToken()],
]

describe.each(places)('an AES key in %s and an exported copy of it', (_, place) => {
  const token: Token = pkcs11Token({ uri: place.uri, pin: { file: place.pinFile }, ...place.options })
  const lengths = [16, 24, 32] as const
  const values = lengths.map((length) => randomBytes(length))

  beforeAll(async () => {
    const raw = await rawModule(place)
    for (const value of values) plantAesKey(raw, value, { label: `kek ${value.length}` })
  })

  it.each(lengths)("open each other's messages of every suite, with %i bytes", async (length) => {
    const key = values.find((value) => value.length === length)
    if (key === undefined) throw new Error('no key')
    const name = `kek ${length}`
    await bothWays(localHsm({ token, key: name, namespace, name }), rawAes({ key, namespace, name }))
  })

  it('do not where namespace or name differ', async () => {
    const [key = new Uint8Array()] = values
    const { ciphertext } = await encrypt(plaintext, {
      keyring: localHsm({ token, key: 'kek 16', namespace, name: 'a' }),
    })
    for (const other of [
      { namespace, name: 'b' },
      { namespace: 'x', name: 'a' },
    ]) {
      await expect(decrypt(ciphertext, { keyring: rawAes({ key, ...other }) })).rejects.toMatchObject({
        code: 'ERR_NO_KEY',
      })
    }
  })
})

describe('an RSA key that OpenSSL made, in SoftHSM2 and in PEM files', () => {
  const [, place] = places[0] ?? []
  if (place === undefined) throw new Error('no SoftHSM2')
  const folder = temporaryFolder()
  const [privateFile, publicFile] = [join(folder, 'key.pem'), join(folder, 'key.pub')]
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', privateFile)
  openssl('pkey', '-in', privateFile, '-pubout', '-out', publicFile)
  const importing = [
    '--import',
    privateFile,
    '--token',
    place.label,
    '--label',
    'rsa',
    '--id',
    'a1b2',
    '--pin',
    place.pin,
  ]
  execFileSync('softhsm2-util', importing, { env: { ...process.env, SOFTHSM2_CONF: process.env.SOFTHSM2_CONF ?? '' } })

  const token = pkcs11Token({ uri: place.uri, pin: { file: place.pinFile } })
  const padding = 'oaep-sha1'
  const name = 'rsa'
  const inToken = localHsm({ token, key: { id: Uint8Array.of(0xa1, 0xb2) }, namespace, name, padding })
  const pem = { publicKey: readFileSync(publicFile, 'utf8'), privateKey: readFileSync(privateFile, 'utf8') }

  it("open each other's messages of every suite", async () => {
    await bothWays(inToken, rawRsa({ namespace, name, padding, ...pem }))
  })

  it('wrap under a public key that is given', async () => {
    const given = localHsm({ token, key: 'rsa', namespace, name, padding, publicKey: pem.publicKey })
    await bothWays(given, rawRsa({ namespace, name, padding, ...pem }))
  })

  it("are one key to OpenSSL's own command line, both ways", async () => {
    const suite = suiteNamed(0x0478)
    const { dataKey, encryptedDataKeys } = await inToken.wrapDataKey({ suite, encryptionContext: {} })
    const [wrapped] = encryptedDataKeys
    if (wrapped === undefined) throw new Error('no encrypted data key')
    const file = join(folder, 'wrapped')
    writeFileSync(file, wrapped.ciphertext)
    const oaep = ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha1']
    expect(Uint8Array.from(openssl('pkeyutl', '-decrypt', '-inkey', privateFile, '-in', file, ...oaep))).toEqual(
      dataKey,
    )

    writeFileSync(file, dataKey)
    const ciphertext = Uint8Array.from(
      openssl('pkeyutl', '-encrypt', '-pubin', '-inkey', publicFile, '-in', file, ...oaep),
    )
    const opened = await inToken.unwrapDataKey({
      suite,
      encryptionContext: {},
      encryptedDataKeys: [{ ...wrapped, ciphertext }],
      passedOver: () => undefined,
    })
    expect(opened?.dataKey).toEqual(dataKey)
  })
})
