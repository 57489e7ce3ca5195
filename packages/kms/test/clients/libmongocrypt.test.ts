import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { certificate } from '../support/openssl.ts'
import { checkingServer, credentials, programOf, run } from './program.ts'

const script = fileURLToPath(new URL('./libmongocrypt-program.py', import.meta.url))
const KEY_ID = '00000000-0000-4000-8000-000000000001'
const KEY_ARN = `arn:aws:kms:us-east-1:111122223333:key/${KEY_ID}`

/** Runs the program against a server with TLS that checks signatures. */
async function encryptAsDriver(secret: string) {
  const tls = certificate()
  const folder = mkdtempSync(join(tmpdir(), 'bongtu-mongocrypt-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const authority = join(folder, 'ca.pem')
  writeFileSync(authority, tls.cert)
  const server = await checkingServer({ tls, keys: [{ id: KEY_ID }] })
  const python = programOf('python3', 'python3-minimal')
  const { host } = new URL(server.url)
  const answer = await run(python, [script, host, authority, KEY_ARN, credentials.accessKeyId, secret])
  if (answer.stderr.includes('libmongocrypt.so.0: cannot open')) {
    throw new Error('libmongocrypt is missing: apt-get install -y libmongocrypt0')
  }
  return answer
}

it('libmongocrypt, the client of every MongoDB driver, makes a data key and encrypts a value over TLS', async () => {
  const { code, stdout, stderr } = await encryptAsDriver(credentials.secretAccessKey)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const binary = 5
  expect(JSON.parse(stdout)).toEqual({
    dataKeyIdType: binary,
    encryptedType: binary,
    holdsPlaintext: false,
    opened: 'a value',
  })
}, 60_000)

it('libmongocrypt with a wrong secret shows the error of the KMS', async () => {
  const { code, stderr } = await encryptAsDriver('wrong')
  expect(code).not.toBe(0)
  expect(stderr).toContain('InvalidSignatureException')
}, 60_000)
