import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import { decrypt, encrypt } from '@bongtu/client'
import { createEmbeddedToken, embeddedToken, localHsm, tokenRootKey } from '@bongtu/hsm'
import { localKms, startServer } from '@bongtu/kms'
import { afterEach, describe, expect, it } from 'vitest'
import { createModules } from '../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../src/pkcs11/pkcs11-token.ts'
import { type Changes, ckr, instrumented } from './support/instrumented.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { PIN, SO_PIN, softHsmToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const place = softHsmToken()
const tokens = join(dirname(place.pinFile), 'tokens')
const away = `${tokens} away`
const aad = new Uint8Array(0)
const some = Uint8Array.of(1, 2, 3)

/** The folder of SoftHSM2's tokens, as if it were on a disk that is unplugged. */
const remove = (): void => renameSync(tokens, away)
const putBack = (): void => renameSync(away, tokens)

let time = 0
const { load, calls } = instrumented()
/** The module belongs to the first who initializes it: one for all tests here. */
const openModule = createModules(load, () => time)
const open = (uri = place.uri) => pkcs11TokenOn(openModule, { uri, pin: { file: place.pinFile } })
const initialized = (): number => calls.get('C_Initialize') ?? 0

await open().generateKey({ kind: 'aes', label: 'kek' })

describe('a token that goes away and comes back', () => {
  afterEach(() => {
    time += 120_000
  })

  it('is unavailable, and serves again, though the module sees it only once it is initialized again', async () => {
    const token = open()
    const key = token.aesKey({ label: 'kek' })
    const sealed = await key.seal(some, aad)
    remove()
    for (const call of [
      key.seal(some, aad),
      key.open(sealed, aad),
      token.keys(),
      token.rsaKey({ label: 'x' }).publicKey(),
    ])
      await expect(call).rejects.toEqual(tokenErrorWith('unavailable'))
    putBack()
    time += 60_000
    expect(await key.open(sealed, aad)).toEqual(some)
    expect(await token.keys()).toHaveLength(1)
  })

  it('was not looked for while it was away', async () => {
    const key = open().aesKey({ label: 'kek' })
    const sealed = await key.seal(some, aad)
    remove()
    putBack()
    expect(await key.open(sealed, aad)).toEqual(some)
  })

  it('is looked for at once, and then after pauses that grow to a minute', async () => {
    const key = open().aesKey({ label: 'kek' })
    await key.seal(some, aad)
    remove()
    const before = initialized()
    const tries: number[] = []
    for (let seconds = 0; seconds < 240; seconds++, time += 1000) {
      const known = initialized()
      await expect(key.seal(some, aad)).rejects.toEqual(tokenErrorWith('unavailable'))
      if (initialized() > known) tries.push(seconds)
    }
    putBack()
    expect(tries).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183])
    expect(initialized()).toBe(before + tries.length)
    time += 60_000
    await key.seal(some, aad)
  })

  it('serves all that wait for it, and every other token of the module', async () => {
    execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'other', '--so-pin', SO_PIN, '--pin', PIN])
    const [first, second] = [open(), open()]
    await first.keys()
    // A token that another program made: the module has to be initialized again to see it, and the first is in use.
    await expect(open(place.uri.replace('bongtu%20tests', 'other')).keys()).rejects.toEqual(
      tokenErrorWith('noSuchToken'),
    )
    remove()
    await expect(first.keys()).rejects.toEqual(tokenErrorWith('unavailable'))
    putBack()
    time += 60_000
    const other = open(place.uri.replace('bongtu%20tests', 'other'))
    const calls = [first, second, first, second].map((token) => token.aesKey({ label: 'kek' }).seal(some, aad))
    expect(await Promise.all(calls)).toHaveLength(4)
    expect(await other.keys()).toEqual([])
  })

  it('is the reason why a keyring opens nothing meanwhile, and the keyring serves afterwards', async () => {
    const keyring = localHsm({ token: open(), key: 'kek', namespace: 'n', name: 'k' })
    const { ciphertext } = await encrypt(some, { keyring })
    remove()
    await expect(decrypt(ciphertext, { keyring })).rejects.toMatchObject({
      code: 'ERR_NO_KEY',
      attempts: [{ cause: tokenErrorWith('unavailable') }],
    })
    await expect(encrypt(some, { keyring })).rejects.toMatchObject({ cause: tokenErrorWith('unavailable') })
    putBack()
    time += 60_000
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(some)
  })

  it('leaves a module alone that another part of the process initialized', async () => {
    const changes: Changes = {
      C_Initialize: () => {
        throw ckr('CRYPTOKI_ALREADY_INITIALIZED')
      },
      C_GetSlotList: () => [],
    }
    const guest = instrumented(changes)
    const token = pkcs11TokenOn(createModules(guest.load), { uri: place.uri, pin: { file: place.pinFile } })
    await expect(token.keys()).rejects.toEqual(tokenErrorWith('noSuchToken'))
    expect(guest.calls.get('C_Finalize')).toBeUndefined()
  })

  it('is unavailable too where it is a file', async () => {
    const file = join(temporaryFolder(), 'a.token')
    await createEmbeddedToken({ file })
    const token = embeddedToken({ file })
    await token.generateKey({ kind: 'aes', label: 'kek' })
    await token.keys()
    renameSync(file, `${file} away`)
    await expect(token.keys()).rejects.toEqual(tokenErrorWith('unavailable'))
    renameSync(`${file} away`, file)
    expect(await token.keys()).toHaveLength(1)
  })
})

describe('a KMS whose root key is in a token that goes away', () => {
  const text = new TextEncoder().encode('a secret')
  const rootKey = () => tokenRootKey(open(), 'root')

  it('says so, keeps no request waiting, never speaks of another root, and serves when the token is back', async () => {
    const directory = temporaryFolder()
    mkdirSync(directory, { recursive: true })
    const log: string[] = []
    const server = await startServer({
      place: { directory, rootKey: rootKey() },
      port: 0,
      writeLog: (line) => log.push(line),
    })
    const readiness = async (): Promise<[number, string]> => {
      const answer = await fetch(`${server.url}/readyz`)
      return [answer.status, await answer.text()]
    }
    const client = new KMSClient({ ...server.kms.clientConfig(), maxAttempts: 1 })
    const KeyId = await server.kms.ensureAlias('alias/test')
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: text }))
    // As another process does: this one learns of it with the next call.
    const another = await localKms({ directory, rootKey: rootKey() })
    await another.rotateDomainKey()
    await another.close()
    expect(await readiness()).toEqual([200, 'ready\n'])
    const third = await localKms({ directory, rootKey: rootKey() })
    await third.rotateDomainKey()
    await third.close()
    remove()
    for (let each = 0; each < 3; each++) {
      await expect(client.send(new EncryptCommand({ KeyId, Plaintext: text }))).rejects.toMatchObject({
        name: 'KeyUnavailableException',
      })
    }
    expect(await readiness()).toEqual([503, 'unavailable\n'])
    putBack()
    time += 60_000
    const { CiphertextBlob: later } = await client.send(new EncryptCommand({ KeyId, Plaintext: text }))
    expect(later).toBeDefined()
    expect((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(text)
    expect(await readiness()).toEqual([200, 'ready\n'])
    await server.close()
    expect(log.join('')).toContain('is gone; later calls look for it again')
    expect(log.join('')).not.toContain('another root')
  })
})
