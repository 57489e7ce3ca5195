import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedToken, embeddedToken, initToken, pkcs11Token, type Token } from '@bongtu/hsm'

/** Where SoftHSM2 may be; without it, its rows are left out. */
const modules = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]

export const RSA_BITS = 2048

export interface NamedToken {
  readonly name: string
  readonly token: Token
}

/** Tokens with an AES and an RSA key labelled `kek` each, in a folder that goes with the process. */
export async function benchTokens(): Promise<readonly NamedToken[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bongtu-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = modules.find((each) => existsSync(each))
  const tokens = [
    { name: 'embedded token', token: await embedded(folder) },
    ...(path === undefined ? [] : [{ name: 'SoftHSM2', token: await softHsm(folder, path) }]),
  ]
  for (const { token } of tokens) {
    await token.generateKey({ kind: 'aes', label: 'kek' })
    await token.generateKey({ kind: 'rsa', label: 'kek', bits: RSA_BITS })
  }
  return tokens
}

async function embedded(folder: string): Promise<Token> {
  const file = join(folder, 'bench.token')
  await createEmbeddedToken({ file })
  return embeddedToken({ file })
}

async function softHsm(folder: string, path: string): Promise<Token> {
  const configuration = join(folder, 'softhsm2.conf')
  const tokens = join(folder, 'tokens')
  mkdirSync(tokens)
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  const uri = await initToken({ path, label: 'bench', soPin: '31415926', pin: '271828' })
  return pkcs11Token({ uri, modulePath: path, pin: () => '271828' })
}
