import type { Group } from '../command.ts'
import { init } from './init.ts'
import { keygen } from './keygen.ts'
import { list } from './list.ts'
import { test } from './test.ts'

export const hsm: Group = {
  name: 'hsm',
  summary: 'look after keys that stay in PKCS#11 tokens, or in an embedded token',
  commands: [list, init, keygen, test],
}
