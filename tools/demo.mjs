/** `npm run demo`: encrypts a large file of this machine on the command line, inspects it, and opens it in two ways. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import {
  buildDecrypt,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'

const command = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages/cli/bin/bongtu.js')
const folder = mkdtempSync(join(tmpdir(), 'bongtu-demo-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

let steps = 0
const explain = (text) => console.log(`\n${++steps}. ${text}`)

/** Shows a command as one would type it, runs it in the demo's folder, and shows what it printed. */
const bongtu = (args, { fails = false } = {}) => {
  console.log(`   $ bongtu ${args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { cwd: folder, encoding: 'utf8' })
  for (const line of `${stdout}${stderr}`.split('\n').filter((text) => text !== '')) console.log(`   ${line}`)
  if ((status !== 0) !== fails) throw new Error(`bongtu ended with status ${status}:\n${stderr}`)
  return stdout.trim()
}

const sha256 = async (...stages) => {
  const hash = createHash('sha256')
  await pipeline(...stages, hash)
  return hash.digest('hex')
}

const inFolder = (name) => join(folder, name)
copyFileSync(process.execPath, inFolder('node.bin'))
const original = await sha256(createReadStream(inFolder('node.bin')))
const size = statSync(inFolder('node.bin')).size
console.log(`The file: ${process.execPath}, ${(size / 2 ** 20).toFixed(0)} MiB, SHA-256 ${original.slice(0, 16)}…`)

explain('Make a wrapping key. It stays in a file that only you can read; what is printed is its name.')
const key = bongtu(['keygen', 'raw-aes', '-o', 'key1.aes', '--name', 'demo/key1'])

explain('Encrypt under a fresh data key, which goes into the header wrapped, and bind a tenant to the message.')
bongtu(['encrypt', 'node.bin', '-c', 'tenant=acme', '-k', key])

explain('Inspect. No key is needed for what stands in the header, and so nothing of it is proved yet.')
bongtu(['inspect', 'node.bin.esdk'])

explain('Decrypt. The result gets its name only after every frame and the signature verified.')
bongtu(['decrypt', 'node.bin.esdk', '-o', 'node.back', '-c', 'tenant=acme', '-k', key])
const back = await sha256(createReadStream(inFolder('node.back')))
console.log(`   SHA-256 ${back.slice(0, 16)}…: ${verdict(back)}`)

explain('Decrypt as another tenant: refused before any key is touched, and no file is left behind.')
bongtu(['decrypt', 'node.bin.esdk', '-o', 'node.stolen', '-c', 'tenant=other', '-k', key], { fails: true })
if (existsSync(inFolder('node.stolen'))) throw new Error('a failed run left a file')

explain('Let the AWS Encryption SDK for JavaScript decrypt the same file, with nothing of bongtu involved.')
const foreign = await sha256(createReadStream(inFolder('node.bin.esdk')), awsDecryptStream())
console.log(`   SHA-256 ${foreign.slice(0, 16)}…: ${verdict(foreign)}`)

function verdict(digest) {
  if (digest !== original) throw new Error('not the file that was encrypted')
  return 'identical'
}

function awsDecryptStream() {
  const { decryptStream } = buildDecrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const keyring = new RawAesKeyringNode({
    keyNamespace: 'demo',
    keyName: 'key1',
    unencryptedMasterKey: Uint8Array.from(Buffer.from(readFileSync(inFolder('key1.aes'), 'utf8'), 'base64')),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  })
  return decryptStream(keyring)
}
