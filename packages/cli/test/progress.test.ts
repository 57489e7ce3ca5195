import { describe, expect, it } from 'vitest'
import { bytesText, progress } from '../src/terminal/progress.ts'
import { bongtu, recordedIo } from './support/bongtu.ts'
import { aesKey } from './support/keys.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const MIB = 2 ** 20

describe('progress', () => {
  it('is one line that is written over and taken away in the end', () => {
    const { io, stderr } = recordedIo({ stderrIsTerminal: true })
    let now = 0
    const shown = progress(io, 1, () => now)
    shown.begin(10 * MIB)
    for (now = 500; now <= 2000; now += 500) shown.count(MIB)
    expect(stderr()).toContain('bongtu: 2.0 MiB of 10.0 MiB (20%), 2.0 MiB/s')
    expect(stderr()).toContain('bongtu: 4.0 MiB of 10.0 MiB (40%), 2.0 MiB/s')
    expect(stderr()).not.toContain('\n')
    shown.end()
    shown.close()
    expect(stderr().endsWith('\r\x1b[2K')).toBe(true)
  })

  it('says nothing in the first second, nor for what ends within it', () => {
    const { io, stderr } = recordedIo({ stderrIsTerminal: true })
    let now = 0
    const shown = progress(io, 1, () => now)
    shown.begin(100)
    for (now = 100; now < 1000; now += 100) shown.count(10)
    shown.close()
    expect(stderr()).toBe('')
  })

  it('counts files, and gives no share where a length is not known', () => {
    const { io, stderr } = recordedIo({ stderrIsTerminal: true })
    const shown = progress(
      io,
      3,
      (() => {
        let now = -1500
        return () => (now += 1500)
      })(),
    )
    shown.begin(null)
    shown.end()
    shown.begin(5)
    shown.count(1000)
    expect(stderr()).toContain('bongtu: 1 of 3 files, 1000 bytes, 667 bytes/s')
  })

  it('is not written into a pipe', async () => {
    const { io, stderr } = recordedIo({})
    const shown = progress(
      io,
      1,
      (() => {
        let now = 0
        return () => (now += 10_000)
      })(),
    )
    shown.begin(10)
    shown.count(5)
    shown.close()
    expect(stderr()).toBe('')
  })

  it('leaves a terminal clean after a short run', async () => {
    const answer = await bongtu(['encrypt', '-k', await aesKey(folder.path)], { stdin: 'x', stderrIsTerminal: true })
    expect(answer.stderr).toBe('')
  })
})

describe('a number of bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [1_572_864, '1.5 MiB'],
    [2 ** 42, '4.0 TiB'],
    [2 ** 52, '4096.0 TiB'],
  ])('%i is %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text)
  })
})
