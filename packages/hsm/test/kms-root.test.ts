import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { createEmbeddedToken, embeddedToken, pkcs11Token, type Token, tokenRootKey } from '@bongtu/hsm'
import { type LocalKms, localKms, restoreKms, startServer } from '@bongtu/kms'
import { beforeAll, describe, expect, it } from 'vitest'
import { plantAesKey, rawModule } from './support/raw-module.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { type Haystack, holding } from './support/search.ts'
import { softHsmToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const place = softHsmToken()
const token = pkcs11Token({ uri: place.uri, pin: { file: place.pinFile } })
const ring = Uint8Array.from({ length: 454 }, (_, at) => at & 0xff)
const text = (each: string): Uint8Array => new TextEncoder().encode(each)

const client = (kms: LocalKms): KMSClient => new KMSClient(kms.clientConfig())
const open = (directory: string, label: string, of: Token = token): Promise<LocalKms> =>
  localKms({ directory, rootKey: tokenRootKey(of, label) })

async function encrypted(kms: LocalKms, plaintext: Uint8Array): Promise<Uint8Array> {
  const KeyId = await kms.ensureAlias('alias/test')
  const { CiphertextBlob } = await client(kms).send(new EncryptCommand({ KeyId, Plaintext: plaintext }))
  return CiphertextBlob ?? new Uint8Array()
}

async function decrypted(kms: LocalKms, blob: Uint8Array): Promise<Uint8Array | undefined> {
  return (await client(kms).send(new DecryptCommand({ CiphertextBlob: blob }))).Plaintext
}

const filesOf = (folder: string): Haystack[] =>
  readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) }))

/** What is asked of a KMS whose keys are searched for. */
const OPERATIONS = [
  ...['CreateKey', 'DescribeKey', 'ListKeys', 'GetKeyPolicy', 'CreateAlias', 'ListAliases', 'GetParametersForImport'],
  ...['Encrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateRandom', 'GenerateMac', 'Sign'],
  ...[
    'EnableKeyRotation',
    'RotateKeyOnDemand',
    'ListKeyRotations',
    'DisableKey',
    'Encrypt',
    'EnableKey',
    'NoSuchThing',
  ],
]

const bytesAsHex = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value

describe('a root key in a token', () => {
  it('is made in the token when the KMS is founded, and never again', async () => {
    const source = tokenRootKey(token, 'founded')
    await expect(source({ mayCreate: false })).rejects.toEqual(tokenErrorWith('noSuchKey', '"founded"'))
    await source({ mayCreate: true })
    await source({ mayCreate: true })
    const keys = (await token.keys()).filter(({ label }) => label === 'founded')
    expect(keys).toEqual([expect.objectContaining({ kind: 'aes', bits: 256, sensitive: true, extractable: false })])
  })

  it('opens what it sealed, and nothing that was altered, cut or sealed otherwise', async () => {
    const root = await tokenRootKey(token, 'root')({ mayCreate: true })
    const sealed = await root.seal(ring)
    expect(sealed.subarray(0, 3)).toEqual(Uint8Array.of(1, 3, 8))
    expect(await root.open(sealed)).toEqual(ring)
    const other = await (await tokenRootKey(token, 'other root')({ mayCreate: true })).seal(ring)
    const wrong = [0, 1, 11, 20, 30, sealed.length - 1].map((at) =>
      sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)),
    )
    const cut = [0, 1, 2, 3, 22, 38, sealed.length - 1].map((length) => sealed.subarray(0, length))
    for (const bytes of [...wrong, ...cut])
      await expect(root.open(bytes)).rejects.toEqual(tokenErrorWith('authenticationFailed'))
    for (const bytes of [other, sealed.map((byte, at) => (at === 5 ? byte ^ 1 : byte))]) {
      await expect(root.open(bytes)).rejects.toEqual(tokenErrorWith('noSuchKey', 'another root'))
    }
  })

  it('is told from others of its label by what it sealed: the one that a store took goes on', async () => {
    const raw = await rawModule(place)
    const first = await tokenRootKey(token, 'twice')({ mayCreate: true })
    const sealed = await first.seal(ring)
    plantAesKey(raw, randomBytes(32), { label: 'twice' })
    const again = await tokenRootKey(token, 'twice')({ mayCreate: false })
    expect(await again.open(sealed)).toEqual(ring)
    expect((await again.seal(ring)).subarray(0, 11)).toEqual(sealed.subarray(0, 11))
  })

  it('has an id that the layout can hold', async () => {
    plantAesKey(await rawModule(place), randomBytes(32), { label: 'long id', id: Buffer.alloc(256, 1) })
    await expect(tokenRootKey(token, 'long id')({ mayCreate: false })).rejects.toEqual(tokenErrorWith('unsupported'))
  })

  it('may be in an embedded token', async () => {
    const file = join(temporaryFolder(), 'root.token')
    await createEmbeddedToken({ file })
    const root = await tokenRootKey(embeddedToken({ file }), 'root')({ mayCreate: true })
    expect(await root.open(await root.seal(ring))).toEqual(ring)
  })
})

describe('a KMS rooted in a token', () => {
  let folder: string
  beforeAll(() => {
    folder = temporaryFolder()
  })

  it('goes on over restarts and rotations of its domain key, and keeps no root key of its own', async () => {
    const first = await open(folder, 'kms')
    const blob = await encrypted(first, text('before'))
    await first.rotateDomainKey()
    expect(await decrypted(first, blob)).toEqual(text('before'))
    await first.close()
    const second = await open(folder, 'kms')
    expect(await decrypted(second, blob)).toEqual(text('before'))
    await second.close()
    expect(readdirSync(folder).filter((name) => name.startsWith('root'))).toEqual([])
  })

  it('does not open under another root, be it in the token or in a file, and changes nothing', async () => {
    await expect(open(folder, 'root')).rejects.toMatchObject({ name: 'TokenError' })
    await expect(localKms({ directory: folder })).rejects.toMatchObject({
      code: expect.stringMatching(/^(rootMissing|wrongRoot)$/),
    })
    const again = await open(folder, 'kms')
    expect(await again.status()).toMatchObject({ keys: 1 })
    await again.close()
  })

  it('is not opened with a passphrase for its root beside the token', async () => {
    const both = { directory: folder, passphrase: text('a long passphrase'), rootKey: tokenRootKey(token, 'kms') }
    await expect(localKms(both)).rejects.toBeInstanceOf(TypeError)
  })

  it('does not open without the token', async () => {
    const absent = pkcs11Token({
      uri: `pkcs11:token=absent?module-path=${place.modulePath}`,
      pin: { file: place.pinFile },
    })
    await expect(open(folder, 'kms', absent)).rejects.toEqual(tokenErrorWith('noSuchToken'))
  })

  it('is founded once where several come at the same time, and all go on', async () => {
    const directory = temporaryFolder()
    const all = await Promise.all(Array.from({ length: 4 }, () => open(directory, 'at once')))
    const [blob = new Uint8Array()] = await Promise.all(all.map((kms) => encrypted(kms, text('shared'))))
    for (const kms of all) {
      expect(await decrypted(kms, blob)).toEqual(text('shared'))
      await kms.close()
    }
    const later = await open(directory, 'at once')
    expect(await decrypted(later, blob)).toEqual(text('shared'))
    await later.close()
  })

  it('is founded once by several on one embedded token', async () => {
    const [directory, file] = [temporaryFolder(), join(temporaryFolder(), 'root.token')]
    await createEmbeddedToken({ file })
    const all = await Promise.all(Array.from({ length: 4 }, () => open(directory, 'root', embeddedToken({ file }))))
    const [blob = new Uint8Array()] = await Promise.all(all.map((kms) => encrypted(kms, text('shared'))))
    for (const kms of all) {
      expect(await decrypted(kms, blob)).toEqual(text('shared'))
      await kms.close()
    }
    expect(await embeddedToken({ file }).keys()).toHaveLength(1)
  })

  it('is restored from a backup under the same root, or by passphrase under another', async () => {
    const source = await open(folder, 'kms')
    const blob = await encrypted(source, text('kept'))
    const passphrase = text('a passphrase for backups')
    const backups = [{ backup: await source.backup() }, { backup: await source.backup(passphrase), passphrase }]
    await source.close()
    for (const [index, backup] of backups.entries()) {
      const rootKey = tokenRootKey(token, index === 0 ? 'kms' : 'restored')
      const directory = temporaryFolder()
      await restoreKms({ directory, rootKey }, backup)
      const restored = await localKms({ directory, rootKey })
      expect(await decrypted(restored, blob)).toEqual(text('kept'))
      await restored.close()
    }
  })

  it('shows neither the root key nor a planted key in its files, log, answers, errors, metrics and backups', async () => {
    const [rootValue, planted] = [randomBytes(32), randomBytes(32)]
    plantAesKey(await rawModule(place), rootValue, { label: 'known root' })
    const directory = temporaryFolder()
    const id = '00000000-0000-4000-8000-000000000001'
    const rootKey = tokenRootKey(token, 'known root')
    const seen: Haystack[] = []
    const server = await startServer({
      place: { directory, rootKey },
      auth: 'off',
      port: 0,
      adminPort: 0,
      logLevel: 'debug',
      writeLog: (line) => seen.push({ name: 'log', content: line }),
      seed: { keys: [{ id, material: planted.toString('hex') }] },
    })
    const { kms, url } = server
    /** Whatever came of it, and at once what it left in files. */
    const keep = async (name: string, work: Promise<unknown>): Promise<void> => {
      const answer = await work.catch((error: unknown) => [String(error), error])
      seen.push({ name, content: JSON.stringify(answer, bytesAsHex) ?? '' }, ...filesOf(directory))
    }
    const send = (operation: string, body: object) =>
      fetch(url, {
        method: 'POST',
        headers: { 'x-amz-target': `TrentService.${operation}`, 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify(body),
      }).then(async (answer) => [answer.status, [...answer.headers], await answer.text()])
    for (const operation of OPERATIONS) {
      const body = { KeyId: id, Plaintext: 'eA==', NumberOfBytes: 32, AliasName: 'alias/new', TargetKeyId: id }
      await keep(operation, send(operation, body))
    }
    await keep('a decryption of nothing', send('Decrypt', { CiphertextBlob: randomBytes(100).toString('base64') }))
    await keep('a rotation of the domain key', kms.rotateDomainKey())
    await keep('the status', kms.status())
    await keep(
      'the metrics',
      fetch(`${url}/metrics`).then((answer) => answer.text()),
    )
    await keep(
      'another root',
      rootKey({ mayCreate: false }).then((root) => root.open(randomBytes(100))),
    )
    seen.push({ name: 'backup', content: await kms.backup() })
    seen.push({ name: 'backup with passphrase', content: await kms.backup(text('a passphrase for backups')) })
    await server.close()
    seen.push(...filesOf(directory))

    expect(seen.filter(({ name }) => name === 'log').length).toBeGreaterThan(20)
    const control = { name: 'control', content: `{"key":"${planted.toString('base64')}"}` }
    expect(holding([...seen, control], planted)).toEqual(['control'])
    expect(holding(seen, rootValue)).toEqual([])
  })
})
