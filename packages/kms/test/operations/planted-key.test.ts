import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/index.ts'
import { operations } from '../../src/operations/table.ts'
import { type Haystack, searchForSecret } from '../hsm/search-for-secret.ts'
import { openssl } from '../support/openssl.ts'
import { type RawAnswer, rawRequest } from '../support/raw-http.ts'

const ID = 'bc436485-5092-42b8-92a3-0aa8b93536dc'
const OWN = '0a1b2c3d-0000-4000-8000-000000000001'
const EXTERNAL = '0a1b2c3d-0000-4000-8000-000000000002'
const fresh = () => Uint8Array.from({ length: 32 }, () => Math.floor(Math.random() * 256))

/** A server on a folder, and every byte that came out of it. */
async function watched(planted: Uint8Array, rotatedTo: Uint8Array) {
  const directory = mkdtempSync(join(tmpdir(), 'bongtu-planted-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const seen: Haystack[] = []
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const server = await startServer({
    place: { directory },
    auth: 'off',
    adminClock: true,
    port: 0,
    adminPort: 0,
    logLevel: 'debug',
    writeLog: (line) => seen.push({ name: 'log', content: line }),
    seed: {
      keys: [
        {
          id: ID,
          material: hex(planted),
          rotations: [{ date: '2024-01-01T00:00:00Z', material: hex(rotatedTo) }],
          aliases: ['alias/planted'],
        },
        { id: OWN },
        { id: EXTERNAL, origin: 'EXTERNAL' },
      ],
    },
  })
  onTestFinished(() => server.close())
  const keep = (name: string, { headers, text }: RawAnswer) => {
    seen.push(
      { name: `answer of ${name}`, content: text },
      { name: `headers of ${name}`, content: JSON.stringify(headers) },
    )
    return text === '' ? {} : JSON.parse(text)
  }
  const stored = (): Haystack[] =>
    readdirSync(directory)
      .filter((name) => name !== 'root.key')
      .map((name) => ({ name, content: readFileSync(join(directory, name)) }))
  const called = new Set<string>()
  const call = async (operation: string, body: object) => {
    called.add(operation)
    const target = { 'x-amz-target': `TrentService.${operation}` }
    const answer = keep(operation, await rawRequest(server.url, 'POST', target, JSON.stringify(body)))
    // At once: what an operation leaves in a file, the next one may overwrite.
    seen.push(...stored().map(({ name, content }) => ({ name: `${name} after ${operation}`, content })))
    return answer
  }
  return { server, call, called, seen, stored, keep }
}

it('shows a planted backing key nowhere: not in the store, the log, an answer, an error, a backup or a metric', async () => {
  const planted = fresh()
  const rotatedTo = fresh()
  const imported = fresh()
  const { server, call, called, seen, stored, keep } = await watched(planted, rotatedTo)
  const EncryptionContext = { a: 'b' }
  const Plaintext = Buffer.from('some text').toString('base64')

  for (const KeyId of [ID, 'alias/planted', 'not-a-key']) {
    const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext, EncryptionContext })
    await call('Decrypt', { CiphertextBlob, EncryptionContext })
    await call('Decrypt', { CiphertextBlob })
    await call('ReEncrypt', { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: OWN })
    await call('GenerateDataKey', { KeyId, NumberOfBytes: 1024 })
    await call('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' })
  }
  const parameters = { KeyId: EXTERNAL, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
  const { ImportToken, PublicKey } = await call('GetParametersForImport', parameters)
  const oaep = ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha256']
  const EncryptedKeyMaterial = openssl(
    ['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', 'key', '-in', 'clear', '-out', 'out', ...oaep],
    { key: Buffer.from(PublicKey, 'base64'), clear: imported },
  ).toString('base64')
  const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE'
  await call('ImportKeyMaterial', { KeyId: EXTERNAL, ImportToken, EncryptedKeyMaterial, ExpirationModel })
  await call('ImportKeyMaterial', { KeyId: ID, ImportToken, EncryptedKeyMaterial, ExpirationModel })
  await call('Encrypt', { KeyId: EXTERNAL, Plaintext })
  const found = searchForSecret([...seen, ...stored()], imported)

  const rest = Object.keys(operations).filter(
    (operation) => !called.has(operation) && !/KeyDeletion|CreateKey$/.test(operation),
  )
  for (const operation of rest) {
    const names = { AliasName: 'alias/new', TargetKeyId: ID, Tags: [], TagKeys: [], Description: 'x' }
    await call(operation, { KeyId: ID, ...names })
    await call(operation, { KeyId: EXTERNAL, ...names })
  }
  await call('CreateKey', {})
  keep('POST /domain/rotate', await rawRequest(`${server.adminUrl}/domain/rotate`, 'POST', {}))
  await call('ListKeyRotations', { KeyId: ID, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  await call('ScheduleKeyDeletion', { KeyId: ID, PendingWindowInDays: 7 })
  await call('CancelKeyDeletion', { KeyId: ID })
  seen.push({ name: 'metrics', content: (await rawRequest(`${server.url}/metrics`, 'GET', {})).text })
  seen.push({ name: 'backup', content: await server.kms.backup() })
  seen.push({ name: 'sealed backup', content: await server.kms.backup(new TextEncoder().encode('correct horse')) })

  expect([...called].sort()).toEqual(Object.keys(operations).sort())
  for (const secret of [planted, rotatedTo, imported]) found.push(...searchForSecret([...seen, ...stored()], secret))
  expect(found).toEqual([])
  expect(searchForSecret(stored(), new TextEncoder().encode(ID))).not.toEqual([])
})
