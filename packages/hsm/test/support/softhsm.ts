import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { library } from './libraries.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const PIN = '271828'
export const SO_PIN = '31415926'

export interface TestToken {
  readonly modulePath: string
  /** Without an object: `pkcs11:token=…?module-path=…` */
  readonly uri: string
  readonly label: string
  /** What else `pkcs11Token` needs for it. */
  readonly options: { readonly libraryParameters?: string }
  readonly pin: string
  readonly pinFile: string
}

/** A folder and a configuration of this process's own, with no token yet. */
export function softHsmFolder(): string {
  const folder = temporaryFolder()
  const tokens = join(folder, 'tokens')
  const configuration = join(folder, 'softhsm2.conf')
  mkdirSync(tokens)
  writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  // Read by the module in this process, and by the tools that are started.
  process.env.SOFTHSM2_CONF = configuration
  return folder
}

/** A fresh token of SoftHSM2 in a folder of its own. */
export function softHsmToken(label = 'bongtu tests'): TestToken {
  const folder = softHsmFolder()
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--so-pin', SO_PIN, '--pin', PIN])
  const modulePath = library('softhsm')
  const pinFile = join(folder, 'pin')
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 })
  const uri = `pkcs11:token=${encodeURIComponent(label)}?module-path=${modulePath}`
  return { modulePath, uri, label, options: {}, pin: PIN, pinFile }
}
