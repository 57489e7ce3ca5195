import type { CommandSpec } from './command.ts'
import { decrypt } from './decrypt.ts'
import { encrypt } from './encrypt.ts'
import { hsm } from './hsm/hsm.ts'
import { inspect } from './inspect.ts'
import { keygen } from './keygen.ts'
import { kms } from './kms/kms.ts'
import { range } from './range.ts'
import { reencrypt } from './reencrypt.ts'
import { vectors } from './vectors.ts'

/** Every command. What a command needs to do its work is loaded when it runs. */
export const commands: readonly CommandSpec[] = [encrypt, decrypt, inspect, range, reencrypt, keygen, kms, hsm, vectors]
