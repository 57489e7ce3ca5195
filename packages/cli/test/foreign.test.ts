import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import { expect, it } from 'vitest'
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
