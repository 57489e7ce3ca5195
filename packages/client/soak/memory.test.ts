import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const MiB = 2 ** 20
const GiB = 2 ** 30
const program = fileURLToPath(new URL('./support/stream-through.ts', import.meta.url))

/** By how many bytes the resident memory of a process of its own rises. */
async function rise(kind: string, length: number): Promise<number> {
  const args = ['--conditions=@bongtu/source', '--import', 'tsx', program, kind, String(length)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return Number(stdout)
}

for (const kind of ['node', 'web']) {
  it(`4 GiB through ${kind} streams keep memory under 128 MiB above the start, and no higher than 1 GiB do`, async () => {
    const one = await rise(kind, GiB)
    const four = await rise(kind, 4 * GiB)
    expect(one).toBeLessThan(128 * MiB)
    expect(four).toBeLessThan(128 * MiB)
    // What garbage collection happens to leave differs from run to run.
    expect(four - one).toBeLessThan(16 * MiB)
  })
}
