import { writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printableJson } from '../src/terminal/printable.ts'
import { bongtu } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
/** A C1 control, an override of direction, a zero-width space, a tag above U+FFFF, and a line end of Unicode. */
const hostile = 'a\u009b31m\u202e\u200b\u{e0041}\u2028b'
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/u

describe('JSON for a terminal', () => {
  it('means to every reader what JSON.stringify means, and holds nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const given = { value, [text]: text }
        expect(JSON.parse(printableJson(given))).toEqual(JSON.parse(JSON.stringify(given)))
        expect(printableJson(given)).not.toMatch(unsafe)
        expect(JSON.parse(printableJson(given, 2))).toEqual(JSON.parse(JSON.stringify(given)))
      }),
    )
  })

  it('escapes characters above U+FFFF as two code units', () => {
    expect(printableJson(hostile)).toBe('"a\\u009b31m\\u202e\\u200b\\udb40\\udc41\\u2028b"')
  })
})

describe('--json', () => {
  it('of inspect, encrypt and decrypt shows what strangers wrote in escapes', async () => {
    await writeFile(folder.at('key'), new Uint8Array(32).fill(0x80))
    await writeFile(folder.at('file'), 'text')
    const key = `raw-aes:demo/key?key-file=${folder.at('key')}`
    const lines = [
      ['encrypt', folder.at('file'), '-k', key, '-c', `${hostile}=${hostile}`, '--json'],
      ['inspect', folder.at('file.esdk'), '--json'],
      ['decrypt', folder.at('file.esdk'), '-k', key, '-o', folder.at('copy'), '--json'],
    ]
    for (const line of lines) {
      const { code, stdout } = await bongtu(line)
      expect(code).toBe(0)
      expect(stdout.toString().replace(/\n$/, '')).not.toMatch(unsafe)
      expect(JSON.stringify(JSON.parse(stdout.toString()))).toContain(hostile)
    }
  })
})
