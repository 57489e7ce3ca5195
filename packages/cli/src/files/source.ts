import type { BigIntStats } from 'node:fs'
import { fstat } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { refused } from '../failure.ts'
import type { Io } from '../io.ts'
import { tell } from '../terminal/messages.ts'
import type { Input } from './inputs.ts'

/** An input, opened. */
export interface Source {
  readonly stream: Readable
  /** Bytes that will come; `null` where that is not known. */
  readonly size: number | null
  /** Which file of this machine it is; `null` where it is no regular file. */
  readonly identity: string | null
}

const CHUNK = 1 << 20
const statOf = promisify(fstat)

/** Opens an input for reading from its start. Throws the system's error, or a failure for a folder. */
export async function openSource(input: Input, io: Io): Promise<Source> {
  if (input.kind === 'stdin') {
    if (io.stdin.isTTY === true) tell(io, 'reading what you type; end it with Ctrl-D')
    return { stream: io.stdin, ...facts(await descriptorStat(io.stdin.fd)) }
  }
  const file = await open(input.path, 'r')
  try {
    const stats = await file.stat({ bigint: true })
    if (stats.isDirectory()) throw refused('it is a folder')
    return { stream: file.createReadStream({ highWaterMark: CHUNK }), ...facts(stats) }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Which file a path is, or a descriptor of this process; `null` where it is no regular file. Links are followed. */
export async function identityOf(place: string | number | undefined): Promise<string | null> {
  if (typeof place !== 'string') return facts(await descriptorStat(place)).identity
  try {
    return facts(await stat(place, { bigint: true })).identity
  } catch {
    return null
  }
}

async function descriptorStat(descriptor: number | undefined): Promise<BigIntStats | null> {
  if (descriptor === undefined) return null
  try {
    return await statOf(descriptor, { bigint: true })
  } catch {
    return null
  }
}

function facts(stats: BigIntStats | null): Pick<Source, 'size' | 'identity'> {
  if (stats === null || !stats.isFile()) return { size: null, identity: null }
  return { size: Number(stats.size), identity: `${stats.dev}:${stats.ino}` }
}
