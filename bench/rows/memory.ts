import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Gauge, Section } from '../section.ts'
import { GiB, MiB } from '../sides/setup.ts'

const child = fileURLToPath(new URL('../sides/memory-child.ts', import.meta.url))

/** The rise of resident memory in a process of its own, in MiB, while so many bytes pass. */
const rise = async (length: number): Promise<number> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, String(length)])
  return Number(stdout) / MiB
}

async function* gauges(): AsyncIterable<Gauge> {
  const one = await rise(GiB)
  yield { name: 'resident memory above the start, 1 GiB', value: one, unit: 'MiB', atMost: 128 }
  const four = await rise(4 * GiB)
  yield { name: 'resident memory above the start, 4 GiB', value: four, unit: 'MiB', atMost: 128 }
  // What garbage collection happens to leave differs from run to run; a leak of one byte in a hundred would show.
  yield { name: '4 GiB above 1 GiB', value: four - one, unit: 'MiB', atMost: 16 }
}

export const memory: Section = {
  name: 'memory',
  title: 'memory: a stream through encryptTransform and decryptTransform, 4 KiB frames, signed',
  gauges,
}
