import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { checkingServer, programOf, run } from './program.ts'

const script = fileURLToPath(new URL('./boto3-program.py', import.meta.url))

it('a boto3 program uses data keys, reads and writes policies, and lives through the life of a key', async () => {
  const server = await checkingServer()
  const python = programOf('python3', 'python3-boto3 python3-cryptography')
  const { code, stdout, stderr } = await run(python, [script, server.url])
  const missing = stderr.match(/No module named '(\w+)'/)
  if (missing !== null) throw new Error(`python3 lacks ${missing[1]}: apt-get install -y python3-${missing[1]}`)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trim().split('\n')).toEqual([
    'data key: the ciphertext opened',
    'policy: came back as it was put',
    'aliases: the paginator found them all',
    'grants: there are no grants',
    'errors: IncorrectKeyException InvalidCiphertextException NotFoundException DisabledException KMSInvalidStateException',
    'deletion: cancelled',
  ])
}, 60_000)
