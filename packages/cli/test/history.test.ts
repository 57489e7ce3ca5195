import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sdk from '@aws-sdk/client-kms'
import { type LocalKms, localKms, parseSeed, readAccessKey, restoreKms, startServer } from '@bongtu/kms'
import { describe, expect, it } from 'vitest'
import { contentsOf } from './history/contents.ts'
import { bongtu } from './support/bongtu.ts'
import { softHsmModule } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

interface Contents {
  readonly keys: readonly { readonly region: string; readonly KeyMetadata: sdk.KeyMetadata }[]
  readonly ciphertexts: readonly {
    readonly name: string
    readonly keyId: string
    readonly ciphertext: string
    readonly plaintext: string
    readonly encryptionContext: Record<string, string>
  }[]
}

const history = fileURLToPath(new URL('history/', import.meta.url))
const versions = (await readdir(history, { withFileTypes: true })).filter((entry) => entry.isDirectory())
const folder = temporaryFolder()
const passphrase = new TextEncoder().encode('fixture passphrase')
const sorted = (keys: Contents['keys']) => keys.map((key) => JSON.stringify(key)).sort()

describe.each(versions)('what version $name wrote', ({ name: version }) => {
  const from = (...names: string[]): string => join(history, version, ...names)
  const contents = async (): Promise<Contents> => JSON.parse(await readFile(from('contents.json'), 'utf8'))

  /** A copy to work on, as private as it was: git keeps no permissions. */
  const copy = async (name: string): Promise<string> => {
    await cp(from(name), folder.at(name), { recursive: true })
    for (const file of ['kms/root.key', 'token-plain', 'token-sealed', 'keys/pin', 'keys/rsa.key']) {
      await chmod(folder.at(file), 0o600).catch(() => {})
    }
    return folder.at(name)
  }

  const open = async (directory: string): Promise<LocalKms> => {
    const kms = await localKms({ directory, auth: 'off' })
    return kms
  }

  const expectContents = async (kms: LocalKms): Promise<void> => {
    const { keys, ciphertexts } = await contents()
    expect(sorted((await contentsOf(kms)).keys as Contents['keys'])).toEqual(sorted(keys))
    const client = new sdk.KMSClient(kms.clientConfig())
    expect(ciphertexts.length).toBeGreaterThan(10)
    for (const { KeyMetadata: key } of keys.filter(({ region }) => region === 'us-east-1')) {
      const request = { KeyId: key.KeyId }
      if (key.KeyState === 'PendingDeletion') await client.send(new sdk.CancelKeyDeletionCommand(request))
      if (key.KeyState === 'PendingDeletion' || key.KeyState === 'Disabled') {
        await client.send(new sdk.EnableKeyCommand(request))
      }
    }
    for (const { keyId, ciphertext, plaintext, encryptionContext } of ciphertexts) {
      const CiphertextBlob = Buffer.from(ciphertext, 'base64')
      const opened = await client.send(
        new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: encryptionContext, KeyId: keyId }),
      )
      expect(Buffer.from(opened.Plaintext ?? []).toString('base64')).toBe(plaintext)
    }
  }

  it('is a store whose keys, tags, policies, rotations and ciphertexts are all there', async () => {
    const kms = await open(await copy('kms'))
    await expectContents(kms)
    await kms.close()
  })

  it('is a store that opens once more after its domain key was rotated', async () => {
    const directory = await copy('kms')
    const first = await open(directory)
    await first.rotateDomainKey()
    await first.close()
    const second = await open(directory)
    await expectContents(second)
    await second.close()
  })

  it('is a store that gets its access key when a server starts on it', async () => {
    const directory = await copy('kms')
    const server = await startServer({ place: { directory }, port: 0, logLevel: 'silent' })
    const target = { 'x-amz-target': 'TrentService.ListKeys' }
    const unsigned = await fetch(server.url, { method: 'POST', headers: target, body: '{}' })
    expect([unsigned.status, await unsigned.text()]).toEqual([400, expect.stringContaining('bongtu kms credentials')])
    const credentials = readAccessKey(directory)
    const client = new sdk.KMSClient({ region: 'us-east-1', endpoint: server.url, credentials })
    expect((await client.send(new sdk.ListKeysCommand({}))).Keys?.length).toBeGreaterThan(1)
    client.destroy()
    await server.close()
  })

  it('is a backup that is restored where its root key is', async () => {
    await copy('kms')
    await mkdir(folder.at('restored'))
    await cp(folder.at('kms/root.key'), folder.at('restored/root.key'))
    const backup = await readFile(from('backup-without-passphrase.json'))
    await restoreKms({ directory: folder.at('restored') }, { backup })
    const kms = await open(folder.at('restored'))
    await expectContents(kms)
    await kms.close()
  })

  it('is a backup that is restored anywhere by its passphrase', async () => {
    const backup = await readFile(from('backup-with-passphrase.json'))
    await restoreKms({ directory: folder.at('restored') }, { backup, passphrase })
    const kms = await open(folder.at('restored'))
    await expectContents(kms)
    await kms.close()
  })

  it('is a seed under which the ciphertexts of its keys open', async () => {
    const kms = await localKms({ memory: true }, await parseSeed(await readFile(from('seed.yaml'), 'utf8')))
    const client = new sdk.KMSClient(kms.clientConfig())
    const { ciphertexts } = await contents()
    const seeded = ciphertexts.filter(({ keyId }) => keyId.startsWith('mrk-0123'))
    expect(seeded).toHaveLength(2)
    for (const { ciphertext, plaintext, encryptionContext } of seeded) {
      const CiphertextBlob = Buffer.from(ciphertext, 'base64')
      const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: encryptionContext }))
      expect(Buffer.from(opened.Plaintext ?? []).toString('base64')).toBe(plaintext)
    }
    await kms.close()
  })

  const keyUri = (name: string): string => {
    const file = (scheme: string, of: string) => `token-file:${folder.at(of)}?namespace=fixture&${scheme}`
    const rsa = `raw-rsa:fixture/rsa?private-key-file=${folder.at('keys/rsa.key')}&padding=oaep-sha256`
    const secret = `&passphrase-file=${folder.at('passphrase')}`
    const pair = 'key=pair&name=pair&padding=oaep-sha256'
    const uris: Readonly<Record<string, string>> = {
      'raw-rsa': rsa,
      multi: rsa,
      'aws-kms': `local-kms:alias/app?data=${folder.at('kms')}`,
      'aws-kms-mrk': `local-kms:alias/seeded?data=${folder.at('kms')}`,
      'token-file-plain': file('key=kek&name=kek', 'token-plain'),
      'token-file-plain-rsa': file(pair, 'token-plain'),
      'token-file-sealed': file(`key=kek&name=kek${secret}`, 'token-sealed'),
      'token-file-sealed-rsa': file(`${pair}${secret}`, 'token-sealed'),
      pkcs11: `pkcs11:token=fixture;object=kek?module-path=${softHsmModule()}&pin-source=file:${folder.at('keys/pin')}&namespace=fixture&name=kek`,
    }
    return uris[name] ?? `raw-aes:fixture/aes?key-file=${folder.at('keys/aes')}`
  }

  it('is messages that the command line opens', async () => {
    for (const name of ['kms', 'keys', 'token-plain', 'token-sealed', 'softhsm', 'messages']) await copy(name)
    await writeFile(folder.at('passphrase'), passphrase, { mode: 0o600 })
    const configuration = folder.at('softhsm2.conf')
    await writeFile(configuration, `directories.tokendir = ${folder.at('softhsm')}\nobjectstore.backend = file\n`)
    process.env.SOFTHSM2_CONF = configuration
    const messages = await readdir(folder.at('messages'))
    expect(messages.length).toBeGreaterThan(15)
    for (const file of messages) {
      const name = file.replace('.esdk', '')
      const policy = /0x0[0-3]/.test(name) ? ['--commitment-policy', 'require-encrypt-allow-decrypt'] : []
      const line = ['decrypt', folder.at('messages', file), '-o', '-', '-k', keyUri(name), '-c', `fixture=${name}`]
      const { code, stdout, stderr } = await bongtu([...line, ...policy], { env: { BONGTU_HOME: folder.at('home') } })
      expect({ name, code, stderr }).toMatchObject({ name, code: 0 })
      expect(stdout.toString()).toBe(`the plaintext of ${name}`)
    }
  })
})
