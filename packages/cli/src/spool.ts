import { tmpdir } from 'node:os'
import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { decryptTransform, encryptTransform } from '@bongtu/client/node'
import { defaultEngine } from '@bongtu/crypto'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { fileSink } from './files/file-sink.ts'
import { namelessFile } from './files/partial-file.ts'
import type { Sink } from './files/sink.ts'
import type { Io } from './io.ts'
import { pipe } from './jobs/pipe.ts'

/** Unsigned and committing: nobody but this process ever reads it. */
const SUITE = 0x0478
const FRAME_LENGTH = 1 << 16

/**
 * Holds a plaintext back until the stream that it comes from has ended without a failure, and only then sends it on: for
 * signed messages, whose signature comes last. It waits on the disk, in memory that does not grow, encrypted under a key
 * that exists in this process only, in a file without a name. Rejects with the stream's failure, and then sends nothing.
 */
export async function sendWhenWhole(
  plaintext: Readable,
  through: readonly Transform[],
  sink: Sink,
  io: Io,
): Promise<void> {
  const keyring = throwAwayKeyring()
  const folder = io.env.TMPDIR ?? tmpdir()
  const spool = await namelessFile(folder)
  try {
    const seal = encryptTransform({ keyring, algorithmSuite: SUITE, frameLength: FRAME_LENGTH })
    await pipeline(plaintext, seal, fileSink(spool.file, `${folder} (TMPDIR)`), { signal: io.signal })
    const back = spool.file.createReadStream({ start: 0, highWaterMark: 1 << 20 })
    await pipe(back, [decryptTransform({ keyring }), ...through], sink, io)
  } finally {
    await spool.close()
  }
}

function throwAwayKeyring(): ReturnType<typeof rawAes> {
  const key = defaultEngine.random(32)
  try {
    return rawAes({ namespace: 'bongtu', name: 'spool', key })
  } finally {
    key.fill(0)
  }
}
