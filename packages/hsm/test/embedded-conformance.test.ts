import { join } from 'node:path'
import { createEmbeddedToken, embeddedToken } from '@bongtu/hsm'
import { beforeAll } from 'vitest'
import { OAEP_PADDINGS } from '../src/token.ts'
import { tokenConformance } from './support/conformance.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const bare = { file: join(folder, 'bare.token') }
const sealed = { file: join(folder, 'sealed.token'), passphrase: new TextEncoder().encode('a long passphrase') }
beforeAll(async () => {
  await createEmbeddedToken(bare)
  await createEmbeddedToken(sealed)
})

tokenConformance('an embedded token', embeddedToken(bare), OAEP_PADDINGS)
tokenConformance('an embedded token under a passphrase', embeddedToken(sealed), ['oaep-sha256'])
