import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { nodeEngine } from '@bongtu/crypto/node'
import { concat } from '../bytes.ts'
import { HsmError } from '../errors.ts'
import { ROOT_KEY_LENGTH, rootOfKey } from './key.ts'
import { createPrivateFile } from './private-file.ts'
import type { RootKeySource } from './root-key.ts'

/** A root key file: these 16 bytes, then the 32 bytes of the key. */
const MAGIC = new TextEncoder().encode('bongtu root key\n')
const FILE_LENGTH = MAGIC.length + ROOT_KEY_LENGTH
const OTHERS = 0o077

/**
 * The root key in the file `path`, mode 0600. It is made at most once: where several processes start together, one makes it
 * and the others read that one. `rootMissing` where it is absent and may not be made, `rootUnsafe` where others may read it,
 * `rootDamaged` where it is not a root key file.
 */
export function rootKeyFile(path: string): RootKeySource {
  return async ({ mayCreate }) => {
    const present = await read(path)
    if (present !== null) return rootOf(present, path)
    if (!mayCreate) {
      throw new HsmError(
        'rootMissing',
        `${path} is missing, and the keys in the store open under no other root: bring the file back, or restore a backup`,
      )
    }
    await create(path)
    const made = await read(path)
    if (made === null) throw new HsmError('rootMissing', `${path} was removed while it was made`)
    return rootOf(made, path)
  }
}

function rootOf(file: Uint8Array, path: string): ReturnType<typeof rootOfKey> {
  try {
    if (file.length !== FILE_LENGTH || !nodeEngine.equal(file.subarray(0, MAGIC.length), MAGIC)) throw damaged(path)
    return rootOfKey(file.subarray(MAGIC.length))
  } finally {
    file.fill(0)
  }
}

function damaged(path: string): HsmError {
  return new HsmError('rootDamaged', `${path} is not a root key file: bring back the file that was made with the store`)
}

/** To open a pipe would be to wait for whoever writes to it; Windows has neither. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

async function read(path: string): Promise<Uint8Array | null> {
  const file = await open(path, READING).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const status = await file.stat()
    if (!status.isFile()) throw damaged(path)
    const { mode } = status
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      throw new HsmError(
        'rootUnsafe',
        `${path} is open to others (mode ${(mode & 0o777).toString(8)}): make it 600, and consider the key as seen`,
      )
    }
    const bytes = new Uint8Array(FILE_LENGTH + 1)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function create(path: string): Promise<void> {
  const key = nodeEngine.random(ROOT_KEY_LENGTH)
  const content = concat(MAGIC, key)
  key.fill(0)
  // The name is durable before a domain is stored that depends on it.
  await createPrivateFile(path, content).finally(() => content.fill(0))
}
