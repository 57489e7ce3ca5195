import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { softHsmModule } from './softhsm.ts'

const source = fileURLToPath(new URL('odd-module.c', import.meta.url))
const headers = join(dirname(createRequire(import.meta.url).resolve('pkcs11js')), 'includes', 'pkcs11')

export type OddFunction = 'C_Initialize' | 'C_GetTokenInfo' | 'C_OpenSession' | 'C_Login' | 'C_Encrypt'

export interface Oddities {
  /** Makes the file `mark`, and never returns. */
  readonly blocks?: OddFunction
  readonly mark?: string
  /** Prints to standard output in every call. */
  readonly prints?: boolean
  /** Its tokens never tell that a PIN was wrong. */
  readonly hidesPinFlags?: boolean
}

/** Compiles a module that is SoftHSM2 but for its oddities (`odd-module.c`), and answers its path. */
export function oddModule(folder: string): string {
  const path = join(folder, 'odd-module.so')
  execFileSync('gcc', ['-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-I', headers, '-o', path, source, '-ldl'])
  return path
}

/** The environment of a process in which the module has these oddities. */
export const oddities = ({ blocks, mark, prints, hidesPinFlags }: Oddities): Readonly<Record<string, string>> => ({
  ODD_MODULE_REAL: softHsmModule(),
  ...(blocks === undefined ? {} : { ODD_MODULE_BLOCKS: blocks }),
  ...(mark === undefined ? {} : { ODD_MODULE_MARK: mark }),
  ...(prints === true ? { ODD_MODULE_PRINTS: '1' } : {}),
  ...(hidesPinFlags === true ? { ODD_MODULE_HIDES_PIN_FLAGS: '1' } : {}),
})
