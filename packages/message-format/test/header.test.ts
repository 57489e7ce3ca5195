import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BongtuError,
  type DecodedHeader,
  encodeHeaderAuthentication,
  encodeHeaderBody,
  encryptionContext,
  type Header,
  headerIv,
  MessageDecoder,
  suiteById,
} from '../src/index.ts'
import { decodeChunks, noLimits, singleBytes } from './support/decoding.ts'
import { anyHeader, concat, counting, encodedHeader, header, hex, offsetView, toHex } from './support/messages.ts'

const versionOne = hex(`
  01                                  # version
  80                                  # type: customer authenticated encrypted data
  0178                                # suite: AES-256-GCM, HKDF-SHA256
  101112131415161718191a1b1c1d1e1f    # message id
  0010                                # encryption context: 16 bytes
    0002                              #   2 pairs
    0001 61 0001 31                   #   a = 1
    0001 62 0003 ebb489               #   b = 봉
  0002                                # 2 encrypted data keys
    0004 74657374                     #   provider id: test
    0005 0102030405                   #   key info
    0007 01020304050607               #   ciphertext
    0001 70 0000 0000                 #   provider id: p, nothing else
  02                                  # content type: framed
  00000000                            # reserved
  0c                                  # initialisation vectors of 12 bytes
  00001000                            # frame length: 4096
`)

const versionTwo = hex(`
  02                                  # version
  0578                                # suite: AES-256-GCM, HKDF-SHA512, commitment, ECDSA P-384
  101112131415161718191a1b1c1d1e1f    # message id
  202122232425262728292a2b2c2d2e2f
  0000                                # no encryption context
  0001                                # 1 encrypted data key
    0004 74657374                     #   provider id: test
    0005 0102030405                   #   key info
    0007 01020304050607               #   ciphertext
  02                                  # content type: framed
  ffffffff                            # frame length: 2^32-1
  808182838485868788898a8b8c8d8e8f    # commitment
  909192939495969798999a9b9c9d9e9f
`)

const key = header().encryptedDataKeys[0] ?? { providerId: '', keyInfo: counting(0), ciphertext: counting(0) }
const described: readonly [string, Header, Uint8Array][] = [
  [
    'version 1',
    header({
      suite: suiteById(0x0178),
      encryptionContext: encryptionContext({ b: '봉', a: '1' }),
      encryptedDataKeys: [key, { providerId: 'p', keyInfo: counting(0), ciphertext: counting(0) }],
      frameLength: 4096,
    }),
    versionOne,
  ],
  [
    'version 2',
    header({ suite: suiteById(0x0578), encryptionContext: encryptionContext({}), frameLength: 0xffffffff }),
    versionTwo,
  ],
]

describe.each(described)('the header body of %s', (_, of, bytes) => {
  it('is written as the specification lays it out', () => {
    expect(toHex(encodeHeaderBody(of))).toBe(toHex(bytes))
  })

  it('is read from the same bytes', () => {
    const received = concat(bytes, encodeHeaderAuthentication(of.version, counting(16, 0xa0)))
    expect(decodeHeaderOf(received)).toEqual({
      type: 'header',
      header: comparable(of),
      bytes: toHex(bytes),
      authentication: { iv: '00'.repeat(12), tag: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf' },
      authenticationBytes: `${of.version === 1 ? '00'.repeat(12) : ''}a0a1a2a3a4a5a6a7a8a9aaabacadaeaf`,
      length: received.length,
    })
  })
})

function decodeHeaderOf(bytes: Uint8Array): unknown {
  return decodeChunks([bytes]).seen[0]
}

function accepted(bytes: Uint8Array): DecodedHeader | null {
  const decoder = new MessageDecoder(noLimits)
  decoder.push(bytes)
  try {
    const part = decoder.next()
    return part?.type === 'header' ? part.decoded : null
  } catch (error) {
    if (BongtuError.is(error)) return null
    throw error
  }
}

function comparable(of: Header): unknown {
  return {
    ...of,
    messageId: toHex(of.messageId),
    commitment: toHex(of.commitment),
    encryptionContext: { ...of.encryptionContext },
    encryptedDataKeys: of.encryptedDataKeys.map(({ providerId, keyInfo, ciphertext }) => ({
      providerId,
      keyInfo: toHex(keyInfo),
      ciphertext: toHex(ciphertext),
    })),
  }
}

describe('a header', () => {
  it('comes back as it was written, with the bytes that were received', () => {
    fc.assert(
      fc.property(anyHeader, (of) => {
        const bytes = encodedHeader(of)
        const [seen] = decodeChunks([offsetView(bytes)]).seen
        expect(seen).toMatchObject({ header: comparable(of), bytes: toHex(encodeHeaderBody(of)), length: bytes.length })
        expect(decodeChunks(singleBytes(bytes)).seen).toEqual([seen])
      }),
    )
  })

  it('that is accepted after any change is again the one way to write what it says', () => {
    const anyChange = fc.record({ of: anyHeader, at: fc.nat(300), byte: fc.nat(255) })
    fc.assert(
      fc.property(anyChange, ({ of, at, byte }) => {
        const bytes = encodedHeader(of)
        bytes[at % bytes.length] = byte
        const decoded = accepted(bytes)
        if (decoded === null || decoded.header.contentType === 'non-framed') return
        const sorted = Object.keys(decoded.header.encryptionContext).length < 2
        const written = encodeHeaderBody(decoded.header)
        if (sorted) expect(toHex(written)).toBe(toHex(decoded.bytes))
        expect(written.length).toBe(decoded.bytes.length)
      }),
      { numRuns: 200 },
    )
  })

  it('keeps the initialisation vector that version 1 sends', () => {
    const bytes = concat(versionOne, counting(12, 0x60), counting(16, 0xa0))
    expect(decodeHeaderOf(bytes)).toMatchObject({
      authentication: { iv: '606162636465666768696a6b' },
      authenticationBytes: toHex(bytes.subarray(versionOne.length)),
    })
  })

  it('reads a context of zero pairs and keeps its two bytes for authentication', () => {
    const [before, after] = [versionTwo.subarray(0, 35), versionTwo.subarray(37)]
    const bytes = concat(before, hex('0002 0000'), after)
    const seen = decodeHeaderOf(concat(bytes, counting(16)))
    expect(seen).toMatchObject({ bytes: toHex(bytes), header: { encryptionContext: {} } })
  })

  it('shares memory neither with the input nor between its fields and what is authenticated', () => {
    const input = concat(versionTwo, counting(16, 0xa0))
    const decoder = new MessageDecoder(noLimits)
    decoder.push(input)
    const part = decoder.next()
    if (part?.type !== 'header') throw new Error('no header')
    input.fill(0xff)
    const { header: of, bytes, authentication, authenticationBytes } = part.decoded
    for (const field of [of.messageId, of.commitment, authentication.iv, authentication.tag]) field.fill(0xff)
    for (const field of of.encryptedDataKeys.flatMap((each) => [each.keyInfo, each.ciphertext])) field.fill(0xff)
    expect(toHex(bytes)).toBe(toHex(versionTwo))
    expect(toHex(authenticationBytes)).toBe(toHex(counting(16, 0xa0)))
  })
})

describe('encodeHeaderAuthentication', () => {
  it('writes twelve zero bytes before the tag in version 1 only', () => {
    const tag = counting(16)
    expect(encodeHeaderAuthentication(1, tag)).toEqual(concat(headerIv(), tag))
    expect(encodeHeaderAuthentication(2, tag)).toEqual(tag.slice())
    expect(headerIv()).toEqual(new Uint8Array(12))
  })

  it.each([0, 12, 15, 17])('refuses a tag of %i bytes', (length) => {
    expect(() => encodeHeaderAuthentication(2, counting(length))).toThrow(RangeError)
  })
})

describe('encodeHeaderBody', () => {
  const long = new Uint8Array(65536)
  it.each<[string, Partial<Header>]>([
    ['a suite of the other version', { version: 1 }],
    ['a message id of 16 bytes in version 2', { messageId: counting(16) }],
    ['a commitment of 31 bytes', { commitment: counting(31) }],
    ['a commitment in version 1', { suite: suiteById(0x0014), commitment: counting(32) }],
    ['no encrypted data key', { encryptedDataKeys: [] }],
    ['65536 encrypted data keys', { encryptedDataKeys: Array(65536).fill(key) }],
    ['a provider id over 65535 bytes', { encryptedDataKeys: [{ ...key, providerId: '봉'.repeat(21846) }] }],
    ['key info over 65535 bytes', { encryptedDataKeys: [{ ...key, keyInfo: long }] }],
    ['a ciphertext over 65535 bytes', { encryptedDataKeys: [{ ...key, ciphertext: long }] }],
    ['a frame length of 0', { frameLength: 0 }],
    ['a frame length of 2^32', { frameLength: 2 ** 32 }],
    ['a frame length that is no whole number', { frameLength: 1.5 }],
    ['a frame length that is no number', { frameLength: Number.NaN }],
    ['a non-framed message', { contentType: 'non-framed' }],
  ])('refuses %s with a RangeError', (_, fields) => {
    expect(() => encodeHeaderBody(header(fields))).toThrow(RangeError)
  })

  it('refuses a provider id with half a surrogate pair with a TypeError', () => {
    const encryptedDataKeys = [{ ...key, providerId: '\ud800' }]
    expect(() => encodeHeaderBody(header({ encryptedDataKeys }))).toThrow(TypeError)
  })

  it('refuses a context that does not fit with ERR_CONTEXT', () => {
    const context = { k: 'x'.repeat(65530) }
    expect(() => encodeHeaderBody(header({ encryptionContext: context }))).toThrow(
      expect.objectContaining({ code: 'ERR_CONTEXT' }),
    )
  })

  it('writes 65535 encrypted data keys, and fields of 65535 bytes', () => {
    const fields = { providerId: 'x'.repeat(65535), keyInfo: long.subarray(1), ciphertext: long.subarray(1) }
    const many = header({ encryptedDataKeys: Array(65535).fill({ ...key, providerId: '' }) })
    expect(encodeHeaderBody(many).length).toBe(encodeHeaderBody(header()).length - 22 + 65535 * 18)
    const wide = encodedHeader(header({ encryptedDataKeys: [fields] }))
    expect(decodeHeaderOf(wide)).toMatchObject({ length: wide.length })
  })
})
