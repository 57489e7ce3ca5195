import { constants, randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import {
  buildClient,
  CommitmentPolicy,
  type KeyringNode,
  MultiKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node'
import { suiteById } from '@bongtu/message-format'
import { expect, it } from 'vitest'
import { generateVectors } from '../src/jobs/vectors-generate.ts'
import { fullPlan } from '../src/test-vectors/plan.ts'
import { silentIo } from './support/bongtu.ts'
import { exitOf, startBongtu } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const run = (...args: readonly string[]) => exitOf(startBongtu(...args))

it('a large file, encrypted on the command line, is inspected, decrypted in whole and in part, and read by the AWS Encryption SDK, and the other way round', async () => {
  const [plain, key] = [folder.at('plain'), folder.at('k')]
  const plaintext = randomBytes(20_000_000)
  await writeFile(plain, plaintext)
  const { stdout } = await run('keygen', 'raw-aes', '-o', key, '--name', 'demo/key1')
  const uri = stdout.toString().trim()

  const encrypted = await run('encrypt', plain, '-k', uri, '-c', 'tenant=acme', '-c', 'Zone=b')
  expect(encrypted).toMatchObject({ code: 0, stderr: '' })
  const inspected = await run('inspect', '--json', `${plain}.esdk`)
  expect(JSON.parse(inspected.stdout.toString())).toMatchObject({ structure: 'whole', plaintextLength: 20_000_000 })
  const decrypted = await run('decrypt', `${plain}.esdk`, '-o', folder.at('back'), '-k', uri, '-c', 'tenant=acme')
  expect(decrypted).toMatchObject({ code: 0, stderr: '' })
  expect(plaintext.equals(await readFile(folder.at('back')))).toBe(true)
  const part = ['--start', '12345678', '--end', '12500000', '--unverified', 'release']
  expect(
    plaintext.subarray(12_345_678, 12_500_000).equals((await run('range', `${plain}.esdk`, ...part, '-k', uri)).stdout),
  ).toBe(true)

  const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const unencryptedMasterKey = new Uint8Array(Buffer.from(await readFile(key, 'utf8'), 'base64'))
  const keyring = new RawAesKeyringNode({
    keyNamespace: 'demo',
    keyName: 'key1',
    unencryptedMasterKey,
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  })
  const read = await client.decrypt(keyring, await readFile(`${plain}.esdk`))
  expect(plaintext.equals(read.plaintext)).toBe(true)
  expect(read.messageHeader.encryptionContext).toMatchObject({ tenant: 'acme', Zone: 'b' })

  const { result } = await client.encrypt(keyring, plaintext, { encryptionContext: { tenant: 'acme' } })
  await writeFile(folder.at('theirs.esdk'), result)
  const theirs = await run('decrypt', folder.at('theirs.esdk'), '-k', uri, '-c', 'tenant=acme')
  expect(theirs).toMatchObject({ code: 0, stderr: '' })
  expect(plaintext.equals(await readFile(folder.at('theirs')))).toBe(true)
})

interface MasterKey {
  readonly key: string
  readonly 'provider-id': string
  readonly 'encryption-algorithm': 'aes' | 'rsa'
  readonly 'padding-hash'?: 'sha1' | 'sha256' | 'sha384' | 'sha512'
}

const wrappingSuites = {
  128: RawAesWrappingSuiteIdentifier.AES128_GCM_IV12_TAG16_NO_PADDING,
  192: RawAesWrappingSuiteIdentifier.AES192_GCM_IV12_TAG16_NO_PADDING,
  256: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
} as const

it('generated test vectors are read by the AWS Encryption SDK, by nothing but their manifests', async () => {
  const root = folder.at('vectors')
  const { 'rsa-pkcs1': _refusedByNode, ...keyKinds } = fullPlan.keyKinds
  const suites = [0x0014, 0x0346, 0x0478, 0x0578].map(suiteById)
  await generateVectors(root, {}, silentIo(), {
    ...fullPlan,
    suites,
    frameLengths: [16],
    sizes: () => [0, 33],
    keyKinds,
  })
  const load = async (name: string) => JSON.parse(await readFile(`${root}/${name}`, 'utf8'))
  const [{ tests }, { keys }] = [await load('manifest.json'), await load('keys.json')]
  const keyringOf = (masterKey: MasterKey): KeyringNode => {
    const entry = keys[masterKey.key]
    const name = { keyNamespace: masterKey['provider-id'], keyName: entry['key-id'] }
    if (masterKey['encryption-algorithm'] === 'rsa') {
      const padding = constants.RSA_PKCS1_OAEP_PADDING
      const oaepHash = masterKey['padding-hash'] ?? 'sha1'
      return new RawRsaKeyringNode({ ...name, rsaKey: { privateKey: entry.material }, padding, oaepHash })
    }
    const unencryptedMasterKey = new Uint8Array(Buffer.from(entry.material, 'base64'))
    const wrappingSuite = wrappingSuites[entry.bits as 128 | 192 | 256]
    return new RawAesKeyringNode({ ...name, unencryptedMasterKey, wrappingSuite, utf8Sorting: true })
  }
  const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
  const path = (uri: string): string => `${root}/${uri.slice('file://'.length)}`
  const ids = Object.keys(tests)
  for (const id of ids) {
    const { ciphertext, result, 'master-keys': masterKeys } = tests[id]
    const [generator, ...children] = masterKeys.map(keyringOf)
    const keyring = children.length === 0 ? generator : new MultiKeyringNode({ generator, children })
    const { plaintext } = await client.decrypt(keyring, await readFile(path(ciphertext)))
    expect([id, plaintext.equals(await readFile(path(result.output.plaintext)))]).toEqual([id, true])
  }
  expect(ids).toHaveLength(4 * 2 * 3 * 8)
})
