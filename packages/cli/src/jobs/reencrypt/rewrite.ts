import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { type Readable, type Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { DecryptOptions, EncryptOptions, Header } from '@bongtu/client'
import { decryptTransform, encryptTransform } from '@bongtu/client/node'
import { armor, dearmor } from '../../armor.ts'
import { refused } from '../../failure.ts'
import { type PartialFile, partialFile } from '../../files/partial-file.ts'
import { openSource } from '../../files/source.ts'
import type { Io } from '../../io.ts'
import { meter } from '../../terminal/meter.ts'
import { ownPairs } from './target.ts'

const FRAME_LENGTH = 65_536

export interface Rewrite {
  readonly open: DecryptOptions
  readonly seal: Omit<EncryptOptions, 'encryptionContext' | 'requiredEncryptionContextKeys'>
  /** Opens what was written before it replaces what was read; `null` where that is not to be done. */
  readonly readBack: DecryptOptions | null
  readonly armored: boolean
  /** Told of the bytes that were read. */
  readonly count: (bytes: number) => void
}

export interface Rewritten {
  readonly before: Header
  readonly after: Header
  /** Hard links to what was read, which still lead to it. */
  readonly otherNames: number
}

/**
 * Encrypts the plaintext of a message anew, under a new data key, and puts the new message in place of the old one: once
 * the old one has verified to its end, and the new one has been opened. Memory does not grow with the file. Where
 * anything fails, the file stays as it was.
 */
export async function rewrite(path: string, options: Rewrite, io: Io): Promise<Rewritten> {
  const target = await realpath(path)
  const found = await stat(target)
  const file = await partialFile(target, true, found)
  try {
    const { before, after, length } = await write(target, file, options, io)
    if (options.readBack !== null) await verify(file, options.readBack, length, io)
    requireUnchanged(found, await stat(target))
    await file.commit()
    return { before, after, otherNames: found.nlink - 1 }
  } finally {
    await file.discard()
  }
}

async function write(
  path: string,
  file: PartialFile,
  { open, seal, armored, count }: Rewrite,
  io: Io,
): Promise<Omit<Rewritten, 'otherNames'> & { readonly length: number }> {
  const { stream } = await openSource({ kind: 'file', path, relative: path }, io)
  // Frames are sealed as they verify; that all of them did, and the signature, is known before the file is replaced.
  const opening = decryptTransform({ ...open, unverified: 'release' })
  let length = 0
  const sealOn = async (): Promise<Header> => {
    const { header, encryptionContext } = await opening.opened
    const pairs = ownPairs(encryptionContext)
    const sealing = encryptTransform({
      frameLength: header.contentType === 'framed' ? header.frameLength : FRAME_LENGTH,
      ...seal,
      encryptionContext: pairs,
      requiredEncryptionContextKeys: Object.keys(pairs).filter((key) => !Object.hasOwn(header.encryptionContext, key)),
    })
    const counted = meter((bytes) => {
      length += bytes
    })
    await pipeline([opening, counted, sealing, ...(armored ? [armor()] : []), file.stream], { signal: io.signal })
    return sealing.header
  }
  let sealed: Promise<Header> | undefined
  try {
    await pipeline(stream, meter(count), dearmor(), opening, () => (sealed = sealOn()), { signal: io.signal })
  } finally {
    // A pipeline that fails does not wait for its last stage, which may still hold the file.
    await sealed?.catch(() => {})
    stream.destroy()
  }
  const [{ header: before }, after] = [await opening.opened, await (sealed ?? sealOn())]
  return { before, after, length }
}

/** What was sealed is what was opened, byte by byte, where it authenticates and is as long. */
async function verify(file: PartialFile, options: DecryptOptions, expected: number, io: Io): Promise<void> {
  const opening: Transform = decryptTransform({ ...options, unverified: 'release' })
  const back: Readable = file.readBack()
  let length = 0
  const drain = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      length += chunk.length
      done()
    },
  })
  await pipeline(back, dearmor(), opening, drain, { signal: io.signal })
  if (length !== expected) throw refused('the new message does not hold what the old one holds; the old one was kept')
}

function requireUnchanged(before: Stats, now: Stats): void {
  const same = before.ino === now.ino && before.size === now.size && before.mtimeMs === now.mtimeMs
  if (!same)
    throw refused('it was changed by somebody else meanwhile; the change was kept, and nothing was encrypted anew')
}
