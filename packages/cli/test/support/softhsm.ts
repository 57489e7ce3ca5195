import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const paths = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]

/** Fails where it is not installed. */
export function softHsmModule(): string {
  const modulePath = paths.find((path) => existsSync(path))
  if (modulePath === undefined) throw new Error('the tests need SoftHSM2: apt-get install softhsm2')
  return modulePath
}

export interface SoftHsm {
  readonly modulePath: string
  readonly pinFile: string
  readonly soPinFile: string
}

/** SoftHSM2 without tokens, for this process and those it starts, and PINs in files. */
export async function softHsm(folder: string): Promise<SoftHsm> {
  const modulePath = softHsmModule()
  const [tokens, configuration] = [join(folder, 'tokens'), join(folder, 'softhsm2.conf')]
  await mkdir(tokens)
  await writeFile(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  process.env.SOFTHSM2_CONF = configuration
  const [pinFile, soPinFile] = [join(folder, 'pin'), join(folder, 'so-pin')]
  await writeFile(pinFile, '271828\n', { mode: 0o600 })
  await writeFile(soPinFile, '31415926\n', { mode: 0o600 })
  return { modulePath, pinFile, soPinFile }
}
