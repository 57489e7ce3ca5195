import { fork } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type LocalKms, type LocalKmsOptions, localKms, restoreKms } from '../src/index.ts'
import { testKms } from '../src/testing.ts'
import { bytes } from './support/keys.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bongtu-kms-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function open(options: LocalKmsOptions): Promise<LocalKms> {
  const kms = await localKms(options)
  onTestFinished(() => kms.close())
  return kms
}

const seal = async (kms: LocalKms, KeyId: string) =>
  (await new sdk.KMSClient(kms.clientConfig()).send(new sdk.EncryptCommand({ KeyId, Plaintext: bytes('kept') })))
    .CiphertextBlob

async function opens(kms: LocalKms, CiphertextBlob: Uint8Array | undefined): Promise<void> {
  const client = new sdk.KMSClient(kms.clientConfig())
  const { Plaintext } = await client.send(new sdk.DecryptCommand({ CiphertextBlob }))
  expect(Plaintext).toEqual(new Uint8Array(bytes('kept')))
}

describe('a KMS in a folder', () => {
  it('makes the folder and keeps in it what it knows, for its owner alone', async () => {
    const directory = join(folder(), 'deep', 'er')
    const first = await localKms({ directory })
    const arn = await first.ensureAlias('alias/bongtu')
    const sealed = await seal(first, arn)
    await first.close()
    for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o077).toBe(0)
    const second = await open({ directory })
    expect(await second.ensureAlias('alias/bongtu')).toBe(arn)
    await opens(second, sealed)
  })

  it('is not made where nothing can be made, and nobody waits for it', async () => {
    const file = join(folder(), 'file')
    writeFileSync(file, '')
    await expect(localKms({ directory: file })).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(localKms({ directory: join(file, 'deep', 'er') })).rejects.toMatchObject({ code: 'ENOTDIR' })
    // What Linux shows of processes; elsewhere it is a folder that only the administrator may make.
    await expect(localKms({ directory: '/proc/self/kms/deep' })).rejects.toThrow()
  })

  it('shows to one instance what another did, on the next call', async () => {
    const directory = folder()
    const one = await open({ directory })
    const other = await open({ directory })
    const arn = await one.ensureAlias('alias/shared')
    await opens(other, await seal(one, arn))
    const client = new sdk.KMSClient(other.clientConfig())
    await client.send(new sdk.DisableKeyCommand({ KeyId: arn }))
    await expect(seal(one, arn)).rejects.toMatchObject({ name: 'DisabledException' })
    await client.send(new sdk.EnableKeyCommand({ KeyId: arn }))
    await other.rotateDomainKey()
    await opens(other, await seal(one, arn))
  })

  it('does not open without its root key, and makes no other', async () => {
    const directory = folder()
    const first = await localKms({ directory })
    await first.ensureAlias('alias/bongtu')
    await first.close()
    rmSync(join(directory, 'root.key'))
    await expect(localKms({ directory })).rejects.toMatchObject({ code: 'rootMissing' })
    expect(existsSync(join(directory, 'root.key'))).toBe(false)
  })

  it('does not open where others can read its root key', async () => {
    const directory = folder()
    await (await localKms({ directory })).close()
    chmodSync(join(directory, 'root.key'), 0o640)
    await expect(localKms({ directory })).rejects.toMatchObject({ code: 'rootUnsafe' })
  })

  it('opens with its passphrase in the place of a root key file, and with no other', async () => {
    const directory = folder()
    const passphrase = new TextEncoder().encode('correct horse')
    const first = await localKms({ directory, passphrase })
    const sealed = await seal(first, await first.ensureAlias('alias/bongtu'))
    await first.close()
    expect(readdirSync(directory)).not.toContain('root.key')
    const other = { directory, passphrase: new TextEncoder().encode('battery staple') }
    await expect(localKms(other)).rejects.toMatchObject({ code: 'wrongRoot' })
    await opens(await open({ directory, passphrase }), sealed)
  })
})

describe('a backup', () => {
  it('opens in another folder with the passphrase that seals it', async () => {
    const first = await open({ directory: folder() })
    const arn = await first.ensureAlias('alias/bongtu')
    const sealed = await seal(first, arn)
    const passphrase = new TextEncoder().encode('correct horse')
    const backup = await first.backup(passphrase)
    const directory = folder()
    const wrong = { backup, passphrase: new TextEncoder().encode('battery staple') }
    await expect(restoreKms({ directory }, wrong)).rejects.toMatchObject({ code: 'wrongRoot' })
    await expect(restoreKms({ directory }, { backup })).rejects.toThrow(TypeError)
    await restoreKms({ directory }, { backup, passphrase })
    const second = await open({ directory })
    await opens(second, sealed)
    expect(await second.ensureAlias('alias/bongtu')).toBe(arn)
    await expect(restoreKms({ directory }, { backup, passphrase })).rejects.toMatchObject({ code: 'exists' })
  })

  it('without a passphrase is nothing without the root key', async () => {
    const first = await open({ directory: folder() })
    await first.ensureAlias('alias/bongtu')
    const backup = await first.backup()
    await expect(restoreKms({ directory: folder() }, { backup })).rejects.toMatchObject({ code: 'rootMissing' })
    await expect(restoreKms({ memory: true }, { backup: bytes('{}') })).rejects.toThrow(TypeError)
  })
})

describe('ensureAlias', () => {
  it('makes one key however many ask', async () => {
    await using kms = await testKms()
    const arns = await Promise.all(Array.from({ length: 16 }, () => kms.ensureAlias('alias/bongtu')))
    expect(new Set(arns).size).toBe(1)
    expect((await kms.status()).keys).toBe(1)
  })

  it('takes the key that the alias has already', async () => {
    await using kms = await testKms()
    const client = new sdk.KMSClient(kms.clientConfig())
    const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({}))
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: KeyMetadata?.KeyId }))
    expect(await kms.ensureAlias('alias/mine')).toBe(KeyMetadata?.Arn)
  })

  it('makes no alias of AWS, and none with a name that the API refuses', async () => {
    await using kms = await testKms()
    await expect(kms.ensureAlias('alias/aws/s3')).rejects.toMatchObject({ code: 'NotAuthorizedException' })
    await expect(kms.ensureAlias('bongtu')).rejects.toMatchObject({ code: 'ValidationException' })
    for (const name of ['alias/a:b', 'alias/é', `alias/${'a'.repeat(251)}`]) {
      await expect(kms.ensureAlias(name)).rejects.toMatchObject({ code: 'ValidationException' })
    }
    expect((await kms.status()).keys).toBe(0)
  })
})

it('16 processes on one folder, started at once with no key yet, end with one key and all messages readable', async () => {
  const directory = folder()
  const worker = new URL('./support/folder-worker.ts', import.meta.url)
  const execArgv = ['--conditions=@bongtu/source', '--import', 'tsx', '--no-warnings']
  const answers = await Promise.all(
    Array.from(
      { length: 16 },
      () =>
        new Promise<{ arn: string; sealed: string }>((resolve, reject) => {
          const child = fork(worker, [directory], { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
          child.on('message', (answer) => resolve(answer as { arn: string; sealed: string }))
          child.on('exit', (code) => reject(new Error(`a process ended with ${code} and said nothing`)))
        }),
    ),
  )
  expect(new Set(answers.map(({ arn }) => arn)).size).toBe(1)
  const kms = await open({ directory })
  expect((await kms.status()).keys).toBe(1)
  for (const { sealed } of answers) await opens(kms, Buffer.from(sealed, 'base64'))
}, 120_000)

it.each([{ account: '12' }, { region: 'nowhere' }])('is for no account and Region such as %j', async (place) => {
  await expect(localKms({ memory: true, ...place })).rejects.toThrow(TypeError)
})

it('is not yet on a database', async () => {
  await expect(localKms({ database: 'postgres://localhost' })).rejects.toThrow(TypeError)
})
