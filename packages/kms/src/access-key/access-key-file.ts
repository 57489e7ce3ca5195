import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { createPrivateFile, replacePrivateFile } from '../hsm/factory.ts'
import { requireStore } from '../place.ts'
import { StoreError } from '../store/store.ts'
import { type AccessKey, newAccessKey, parseAccessKey, printAccessKey } from './access-key.ts'

const NAME = 'access-key.json'
const OTHERS = 0o077
/** Bytes: an access key is far shorter. */
const MAX_LENGTH = 1024
/** To open a pipe would be to wait for its writer; Windows has neither. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Where a KMS in the folder `directory` keeps the access key that it made for itself. */
export const accessKeyFile = (directory: string): string => join(directory, NAME)

/**
 * The access key in the data folder of a KMS. Throws a StoreError: `absent` where no server has made one yet, `unsafe` where
 * others than the owner may read or write the file, `damaged` where it is not an access key. The secret is in no error.
 */
export function readAccessKey(directory: string): AccessKey {
  const path = accessKeyFile(directory)
  const key = parseAccessKey(readPrivate(path))
  if (key === undefined) {
    throw new StoreError('damaged', `${path} is not an access key: \`bongtu kms credentials --rotate\` makes a new one`)
  }
  return key
}

/** Makes an access key unless the folder holds one: once, however many processes do so together. Fails as `readAccessKey`. */
export async function ensureAccessKey(directory: string): Promise<AccessKey> {
  try {
    return readAccessKey(directory)
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'absent')) throw error
  }
  await createPrivateFile(accessKeyFile(directory), Buffer.from(printAccessKey(newAccessKey())))
  return readAccessKey(directory)
}

/**
 * Makes a new access key for the KMS in the folder. Every server on it refuses the key before from then on. Throws a
 * StoreError `absent` where the folder holds no KMS.
 */
export async function rotateAccessKey(directory: string): Promise<AccessKey> {
  requireStore(directory)
  await replacePrivateFile(accessKeyFile(directory), Buffer.from(printAccessKey(newAccessKey())))
  return readAccessKey(directory)
}

function readPrivate(path: string): string {
  const file = openFile(path)
  try {
    const status = fstatSync(file)
    if (process.platform !== 'win32' && (status.mode & OTHERS) !== 0) {
      throw new StoreError(
        'unsafe',
        `${path} is open to others (mode ${(status.mode & 0o777).toString(8)}): consider the key as seen, and make a new one with \`bongtu kms credentials --rotate\``,
      )
    }
    if (!status.isFile()) return ''
    const bytes = Buffer.alloc(MAX_LENGTH)
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, MAX_LENGTH, 0))
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, READING)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new StoreError('absent', `${path} is missing: \`bongtu kms start\` makes it`, { cause: error })
  }
}
