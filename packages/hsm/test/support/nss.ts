import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { library } from './libraries.ts'
import type { TestToken } from './softhsm.ts'
import { temporaryFolder } from './temporary-folder.ts'

const PASSWORD = 'softoken 271828'

/** NSS's softoken with a key database of this process's own. */
export function nssToken(): TestToken {
  const folder = temporaryFolder()
  const pinFile = join(folder, 'password')
  writeFileSync(pinFile, `${PASSWORD}\n`, { mode: 0o600 })
  // Its database seals every part of a private key under a password-based key, whose many iterations each use repeats.
  process.env.NSS_MIN_MP_PBE_ITERATION_COUNT = '1'
  process.env.NSS_MAX_MP_PBE_ITERATION_COUNT = '1'
  execFileSync('certutil', ['-N', '-d', `sql:${folder}`, '-f', pinFile])
  const modulePath = library('nss')
  const label = 'NSS Certificate DB'
  return {
    modulePath,
    uri: `pkcs11:token=${encodeURIComponent(label)}?module-path=${modulePath}`,
    label,
    options: { libraryParameters: `configdir='sql:${folder}'` },
    pin: PASSWORD,
    pinFile,
  }
}
