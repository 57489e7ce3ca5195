import type { Group } from '../command.ts'
import { backup } from './backup.ts'
import { createKey } from './create-key.ts'
import { credentials } from './credentials.ts'
import { doctor } from './doctor.ts'
import { keys } from './keys.ts'
import { restore } from './restore.ts'
import { rotate } from './rotate.ts'
import { start } from './start.ts'
import { status } from './status.ts'

export const kms: Group = {
  name: 'kms',
  summary: 'run the bundled KMS, and look after its keys',
  commands: [start, credentials, status, keys, createKey, rotate, backup, restore, doctor],
}
