/** `npm run demo`: from nothing to an encrypted file under the bundled KMS, and back after its key was rotated. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { buildDecrypt, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node'
import { KMS } from '@aws-sdk/client-kms'
import { localKms } from '@bongtu/kms'

const command = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages/cli/bin/bongtu.js')
const folder = mkdtempSync(join(tmpdir(), 'bongtu-demo-'))
/** The KMS keeps its data here and goes with the demo; without the variable it would be the user's own. */
const env = { ...process.env, BONGTU_HOME: join(folder, 'home') }
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// What AWS's SDK says of Node versions is not of this demo.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

let steps = 0
const explain = (text) => console.log(`\n${++steps}. ${text}`)

/** Shows a command as one would type it, runs it in the demo's folder, and shows what it printed. */
const bongtu = (args, { fails = false } = {}) => {
  console.log(`   $ bongtu ${args.map((arg) => (/^[\w./:=-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  })
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

explain(`Encrypt. There is no KMS yet and no key: the first run makes both. A root key opens the domain key, under which the
   backing key of alias/bongtu is kept as a token. From the backing key a key is derived for this one call, which wraps a fresh
   data key; the data key encrypts the file. The tenant is bound to both.`)
bongtu(['encrypt', 'node.bin', '-c', 'tenant=acme'])

explain('Inspect. The header names the key and holds the wrapped data key; without the KMS nothing of it is proved.')
bongtu(['inspect', 'node.bin.esdk'])

explain('List the keys: key material, and the domain key that its token is under. No key leaves the KMS in clear.')
bongtu(['kms', 'keys'])

explain(
  'Rotate. The key gets new material to encrypt with; the old one stays, to decrypt. Rotate the domain key above it too.',
)
bongtu(['kms', 'rotate', 'alias/bongtu'])
bongtu(['kms', 'rotate', '--domain'])
bongtu(['kms', 'keys'])

explain(`Decrypt the old file. The blob names its material, so the KMS derives the same key again and unwraps the data key. The
   result gets its name only after every frame and the signature verified.`)
bongtu(['decrypt', 'node.bin.esdk', '-o', 'node.back', '-c', 'tenant=acme'])
const back = await sha256(createReadStream(inFolder('node.back')))
console.log(`   SHA-256 ${back.slice(0, 16)}…: ${verdict(back)}`)

explain('Decrypt as another tenant: refused before any key is asked for, and no file is left behind.')
bongtu(['decrypt', 'node.bin.esdk', '-o', 'node.stolen', '-c', 'tenant=other'], { fails: true })
if (existsSync(inFolder('node.stolen'))) throw new Error('a failed run left a file')

explain("Let AWS's own SDK decrypt the same file, with AWS's own KMS client asking the bundled KMS.")
const foreign = await withAwsSdk((decryptStream) => sha256(createReadStream(inFolder('node.bin.esdk')), decryptStream))
console.log(`   SHA-256 ${foreign.slice(0, 16)}…: ${verdict(foreign)}`)

console.log(`
Done: every copy is identical to the file, and the folder of this demo is removed. To do the same with a file of yours:
   $ npx --no-install bongtu encrypt FILE
   $ npx --no-install bongtu decrypt FILE.esdk -o COPY
   $ npx --no-install bongtu --help`)

function verdict(digest) {
  if (digest !== original) throw new Error('not the file that was encrypted')
  return 'identical'
}

async function withAwsSdk(use) {
  const kms = await localKms({ directory: join(env.BONGTU_HOME, 'kms') })
  try {
    const { decryptStream } = buildDecrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    const clientProvider = () => new KMS(kms.clientConfig())
    return await use(decryptStream(new KmsKeyringNode({ discovery: true, clientProvider })))
  } finally {
    await kms.close()
  }
}
