import { existsSync, readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { encodeFooter, encodeHeaderBody, type Header, MessageDecoder } from '../src/index.ts'
import { decode, decodeChunks, noLimits, singleBytes } from './support/decoding.ts'
import { concat, offsetView, toHex } from './support/messages.ts'

/** Ciphertexts that other implementations wrote; they lie beside the repository, which does not hold them. */
const vectors = new URL('../../../../shared/vectors/', import.meta.url)
const present = existsSync(vectors)
const titled = (title: string): string => (present ? title : `${title} (not run: ../shared/vectors is not there)`)

/** Archive, number of messages, number of non-framed ones among them. */
const archives = [
  ['python-1.3.5.zip', 360, 72],
  ['v4-Net-4.0.1.zip', 132, 0],
  ['valid-Net-4.0.0.zip', 5, 0],
  ['invalid-Net-4.0.0.zip', 28, 0],
] as const

function messagesOf(archive: string): Uint8Array[] {
  const files = unzipSync(readFileSync(new URL(archive, vectors)), {
    filter: ({ name }) => /ciphertexts\/./.test(name),
  })
  return Object.values(files)
}

interface CommitmentVector {
  readonly ciphertext: string
}

function commitmentMessages(): Uint8Array[] {
  const { tests } = JSON.parse(readFileSync(new URL('commitment-test-vectors.json', vectors), 'utf8')) as {
    tests: readonly CommitmentVector[]
  }
  return tests.map(({ ciphertext }) => Buffer.from(ciphertext, 'base64'))
}

/** Decodes a message and expects its parts to make up the whole; `canonical`: its header is what we would have written. */
function rewritten(bytes: Uint8Array): { header: Header; canonical: boolean; headerLength: number } {
  const decoder = new MessageDecoder(noLimits)
  decoder.push(offsetView(bytes))
  const first = decoder.next()
  if (first?.type !== 'header') throw new Error('no header')
  const { decoded } = first
  const { header } = decoded
  const written: Uint8Array[] = [decoded.bytes, decoded.authenticationBytes]
  for (let part = decoder.next(); part !== null; part = decoder.next()) {
    if (part.type === 'footer') written.push(encodeFooter(part.signature))
    else if (part.type === 'frames') written.push(part.records.slice())
    else if (part.type !== 'header') written.push(part.record.slice())
  }
  decoder.end()
  expect(Buffer.from(bytes).equals(concat(...written))).toBe(true)
  return { header, canonical: reencoded(header) === toHex(decoded.bytes), headerLength: decoded.bytes.length }
}

/** Non-framed headers are not written: they are compared with the two fields changed in which they differ. */
function reencoded(header: Header): string {
  if (header.contentType === 'framed') return toHex(encodeHeaderBody(header))
  const framed = toHex(encodeHeaderBody({ ...header, contentType: 'framed', frameLength: 1 }))
  return header.version === 1
    ? framed.replace(/02000000000c00000001$/, '01000000000c00000000')
    : framed.replace(/0200000001(.{64})$/, '0100000000$1')
}

describe.skipIf(!present)(titled('messages that other implementations wrote'), () => {
  it.each(archives)(
    '%s: all %i are read, and their headers written again byte for byte',
    (archive, count, nonFramed) => {
      const read = messagesOf(archive).map(rewritten)
      expect(read).toHaveLength(count)
      expect(read.filter(({ canonical }) => !canonical)).toEqual([])
      expect(read.filter(({ header }) => header.contentType === 'non-framed')).toHaveLength(nonFramed)
    },
  )

  it('the commitment vectors: all 46 are read, though 4 hold a context that is not sorted', () => {
    const read = commitmentMessages().map(rewritten)
    expect(read).toHaveLength(46)
    expect(read.every(({ header }) => header.version === 2)).toBe(true)
    const unsorted = read.filter(({ canonical }) => !canonical)
    expect(unsorted).toHaveLength(4)
    for (const { header, headerLength } of unsorted) {
      expect(Object.keys(header.encryptionContext).length).toBeGreaterThan(1)
      expect(encodeHeaderBody({ ...header, contentType: 'framed', frameLength: 1 })).toHaveLength(headerLength)
    }
  })

  it('give the same parts byte by byte', () => {
    for (const bytes of [...messagesOf('valid-Net-4.0.0.zip'), ...commitmentMessages().slice(0, 10)]) {
      expect(decodeChunks(singleBytes(bytes))).toEqual({ seen: decode(bytes), error: null })
    }
  })
})
