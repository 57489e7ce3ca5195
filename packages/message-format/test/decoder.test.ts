import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFooter, MessageDecoder, suiteById } from '../src/index.ts'
import { cut, decode, decodeChunks, expectRefused, noLimits, singleBytes } from './support/decoding.ts'
import {
  anyHeader,
  body,
  concat,
  counting,
  encodedHeader,
  encodedNonFramedHeader,
  header,
  hex,
  message,
  nonFramedBody,
  offsetView,
  structuralBoundaries,
  uint,
} from './support/messages.ts'

const signed = { suite: suiteById(0x0578) }
const head = encodedHeader(header())
const signedHead = encodedHeader(header(signed))
const footer = encodeFooter(counting(71))
const kinds = (bytes: Uint8Array): unknown[] => decode(bytes).map(({ type }) => type)

function regularFrame(sequence: number): Uint8Array {
  return concat(uint(sequence, 4), uint(sequence, 12), new Uint8Array(8 + 16))
}

function finalFrame(sequence: number, contentLength: number, held = contentLength): Uint8Array {
  return concat(
    hex('ffffffff'),
    uint(sequence, 4),
    uint(sequence, 12),
    uint(contentLength, 4),
    new Uint8Array(held + 16),
  )
}

describe('the decoder', () => {
  it.each([
    [0, ['header', 'final-frame']],
    [8, ['header', 'final-frame']],
    [9, ['header', 'frame', 'final-frame']],
    [24, ['header', 'frame', 'frame', 'final-frame']],
  ])('divides a message of %i bytes in frames of 8', (plaintextLength, parts) => {
    expect(kinds(message(plaintextLength))).toEqual(parts)
    expect(kinds(message(plaintextLength, signed))).toEqual([...parts, 'footer'])
  })

  it('reads an empty final frame behind full ones', () => {
    const parts = decode(concat(head, body(16, 8, { emptyFinalFrame: true })))
    expect(parts.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['header', undefined],
      ['frame', 1],
      ['frame', 2],
      ['final-frame', 3],
    ])
  })

  it('reads a non-framed body, empty or not, of both versions', () => {
    for (const id of [0x0014, 0x0478]) {
      for (const length of [0, 1, 100]) {
        const bytes = concat(encodedNonFramedHeader(header({ suite: suiteById(id) })), nonFramedBody(length))
        expect(decode(bytes)[1]).toMatchObject({ type: 'non-framed-body', contentLength: length })
      }
    }
    expect(kinds(concat(encodedNonFramedHeader(header(signed)), nonFramedBody(3), footer))).toEqual([
      'header',
      'non-framed-body',
      'footer',
    ])
  })

  it.each([1, 70, 71, 103, 104])('reads a signature of %i bytes', (length) => {
    const bytes = concat(signedHead, body(3, 8), encodeFooter(counting(length)))
    expect(decode(bytes).at(-1)).toMatchObject({ type: 'footer' })
  })

  it('gives the same parts however the message is cut', () => {
    const anyMessage = fc.record({
      header: anyHeader,
      plaintext: fc.nat(60),
      frameLength: fc.integer({ min: 1, max: 20 }),
    })
    fc.assert(
      fc.property(anyMessage, fc.array(fc.nat(600), { maxLength: 12 }), (of, offsets) => {
        const bytes = offsetView(message(of.plaintext, { ...of.header, frameLength: of.frameLength }))
        expect(decodeChunks(cut(bytes, offsets))).toEqual(decodeChunks([bytes]))
        expect(decodeChunks(singleBytes(bytes))).toEqual(decodeChunks([bytes]))
      }),
    )
  })

  it('gives the same parts cut at, before and behind each boundary', () => {
    for (const fields of [{}, signed, { suite: suiteById(0x0214) }]) {
      const bytes = message(30, fields)
      for (const boundary of structuralBoundaries(30, fields)) {
        for (const offset of [boundary - 1, boundary, boundary + 1]) {
          expect(decodeChunks(cut(bytes, [offset]))).toEqual({ seen: decode(bytes), error: null })
        }
      }
    }
  })

  it('ends the same way, cut or whole, where any one byte is another', () => {
    const anyPatch = fc.record({ at: fc.nat(400), byte: fc.nat(255), plaintext: fc.nat(40), isSigned: fc.boolean() })
    fc.assert(
      fc.property(anyPatch, fc.array(fc.nat(400), { maxLength: 6 }), ({ at, byte, plaintext, isSigned }, offsets) => {
        const bytes = message(plaintext, isSigned ? signed : {})
        bytes[at % bytes.length] = byte
        const whole = decodeChunks([bytes])
        expect(decodeChunks(cut(bytes, offsets))).toEqual(whole)
        expect(decodeChunks(singleBytes(bytes))).toEqual(whole)
      }),
    )
  })

  it('takes bytes of any kind without another error than its own', () => {
    const begin = fc.constantFrom(hex(''), hex('01800178'), hex('020578'), head)
    fc.assert(
      fc.property(begin, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        const bytes = concat(start, rest)
        expect(decodeChunks(singleBytes(bytes))).toEqual(decodeChunks([bytes]))
      }),
    )
  })
})

describe('the decoder refuses', () => {
  it.each<[string, Uint8Array]>([
    ['that begin with 0', concat(regularFrame(0), finalFrame(1, 0))],
    ['that begin with 2', concat(regularFrame(2), finalFrame(3, 0))],
    ['of which one was dropped', concat(regularFrame(1), regularFrame(3), finalFrame(4, 0))],
    ['of which one is there twice', concat(regularFrame(1), regularFrame(1), finalFrame(2, 0))],
    ['that changed places', concat(regularFrame(1), regularFrame(3), regularFrame(2), finalFrame(4, 0))],
    ['whose final one is too early', concat(regularFrame(1), finalFrame(3, 0))],
    ['whose final one is too late', concat(regularFrame(1), regularFrame(2), finalFrame(2, 0))],
    ['whose only one is 0', finalFrame(0, 0)],
  ])('frames %s', (_, frames) => {
    expectRefused(concat(head, frames), 'ERR_MALFORMED', /stands where frame \d+ must/)
  })

  it('a frame out of turn as soon as its number is there', () => {
    expectRefused(concat(head, regularFrame(1), uint(3, 4)), 'ERR_MALFORMED', /frame 3 stands where frame 2 must/)
    const final = finalFrame(5, 0).subarray(0, 24)
    expectRefused(concat(head, regularFrame(1), final), 'ERR_MALFORMED', /frame 5 stands where frame 2 must/)
  })

  it('a final frame over the frame length, before its content is there', () => {
    expectRefused(concat(head, finalFrame(1, 9, 0)), 'ERR_MALFORMED', /9 bytes, more than the frame length of 8/)
    expectRefused(concat(head, finalFrame(1, 0xffffffff, 0)), 'ERR_MALFORMED', /more than the frame length/)
  })

  it.each([
    [2 ** 36 - 31, 'ERR_MALFORMED', /more than 68719476704 bytes/],
    [2 ** 53 + 2, 'ERR_MALFORMED', /more than/],
    [2 ** 64 - 2 ** 11, 'ERR_MALFORMED', /more than/],
    [2 ** 36 - 32, 'ERR_LIMIT', /maxFrameLength/],
    [1001, 'ERR_LIMIT', /1001 bytes.*limit is 1000/],
  ] as const)('a non-framed body of %d bytes', (length, code, text) => {
    const start = concat(encodedNonFramedHeader(header()), new Uint8Array(12), uint(length, 8))
    expectRefused(start, code, text, { ...noLimits, maxFrameLength: 1000 })
  })

  it('no non-framed body within its limit', () => {
    const bytes = concat(encodedNonFramedHeader(header()), nonFramedBody(1000))
    expect(decodeChunks([bytes], { ...noLimits, maxFrameLength: 1000 }).error).toBeNull()
  })

  it.each([
    [0x0578, 105],
    [0x0578, 0],
    [0x0578, 65535],
    [0x0214, 73],
  ])('in suite %i a signature of %i bytes, before it is there', (id, length) => {
    const bytes = concat(encodedHeader(header({ suite: suiteById(id) })), body(3, 8), uint(length, 2))
    expectRefused(bytes, 'ERR_MALFORMED', /footer announces a signature/)
  })

  it.each([
    ['an unsigned message', message(9)],
    ['a signed message', message(9, signed)],
    ['a non-framed message', concat(encodedNonFramedHeader(header()), nonFramedBody(3))],
  ])('bytes behind the end of %s', (_, bytes) => {
    expect(decodeChunks([bytes]).error).toBeNull()
    expectRefused(concat(bytes, hex('00')), 'ERR_MALFORMED', /bytes stand behind its end/)
    expectRefused(concat(bytes, bytes), 'ERR_MALFORMED', /bytes stand behind its end/)
    expect(decodeChunks([bytes, hex('00')])).toEqual(decodeChunks([concat(bytes, hex('00'))]))
  })

  it('a second final frame', () => {
    expectRefused(concat(head, finalFrame(1, 0), finalFrame(2, 0)), 'ERR_MALFORMED', /behind its end/)
  })
})

describe('a message that ends early', () => {
  it.each([
    ['a framed one', message(20)],
    ['a signed one', message(20, signed)],
    ['a non-framed one', concat(encodedNonFramedHeader(header(signed)), nonFramedBody(20), footer)],
  ])('is ERR_TRUNCATED after every byte: %s', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeChunks([bytes.subarray(0, length)]).error).toMatch(/^ERR_TRUNCATED/)
    }
  })

  it.each([
    ['in frame 1', head],
    ['in frame 1', concat(head, regularFrame(1).subarray(0, 20))],
    ['in frame 3', concat(head, regularFrame(1), regularFrame(2))],
    ['in frame 2', concat(head, regularFrame(1), finalFrame(2, 8).subarray(0, 40))],
    ['in its footer', concat(signedHead, body(3, 8))],
    ['in its footer', concat(signedHead, body(3, 8), footer.subarray(0, 72))],
    ['in its non-framed body', encodedNonFramedHeader(header())],
  ])('names where: %s', (place, bytes) => {
    expectRefused(bytes, 'ERR_TRUNCATED', new RegExp(place))
  })
})

describe('a caller of the decoder', () => {
  const complete = message(9)

  it('gets views of the pushed chunk for runs of frames, as long as the chunk holds', () => {
    const bytes = offsetView(message(8 * 100))
    const decoder = new MessageDecoder(noLimits)
    decoder.push(bytes)
    decoder.next()
    const run = decoder.next()
    if (run?.type !== 'frames') throw new Error('no frames')
    expect(run).toMatchObject({ count: 99, firstSequence: 1, frameLength: 8 })
    expect(run.records.buffer).toBe(bytes.buffer)
    expect(run.records.length).toBe(99 * 40)
    expect(decoder.next()).toMatchObject({ type: 'final-frame', sequence: 100, contentLength: 8 })
    expect(decoder.next()).toBeNull()
  })

  it('learns that the message is complete with its last part', () => {
    for (const [bytes, last] of [
      [complete, 'final-frame'],
      [message(9, signed), 'footer'],
      [concat(encodedNonFramedHeader(header()), nonFramedBody(3)), 'non-framed-body'],
    ] as const) {
      const decoder = new MessageDecoder(noLimits)
      decoder.push(bytes)
      for (let part = decoder.next(); part !== null; part = decoder.next())
        expect(decoder.done).toBe(part.type === last)
      expect(decoder.done).toBe(true)
      decoder.end()
      decoder.end()
    }
  })

  it('may push empty chunks anywhere', () => {
    const empty = new Uint8Array(0)
    const chunks = [...singleBytes(complete)].flatMap((byte) => [empty, byte, empty])
    expect(decodeChunks(chunks)).toEqual(decodeChunks([complete]))
  })

  it('may overwrite a chunk once next() answered null', () => {
    const reused = new Uint8Array(7)
    function* chunks(): Generator<Uint8Array> {
      for (let at = 0; at < complete.length; at += reused.length) {
        const piece = complete.subarray(at, at + reused.length)
        reused.set(piece)
        yield reused.subarray(0, piece.length)
        reused.fill(0xff)
      }
    }
    expect(decodeChunks(chunks())).toEqual(decodeChunks([complete]))
  })

  it('keeps a footer, which is no view of the chunk', () => {
    const bytes = message(9, signed)
    const decoder = new MessageDecoder(noLimits)
    decoder.push(bytes)
    let last = decoder.next()
    for (let part = last; part !== null; part = decoder.next()) last = part
    bytes.fill(0)
    expect(last).toMatchObject({ type: 'footer', signature: counting(71), bytes: footer })
  })

  it('may push a Buffer', () => {
    expect(decodeChunks([Buffer.from(complete)])).toEqual(decodeChunks([complete]))
  })

  it.each([['text'], [[1, 2]], [new ArrayBuffer(4)], [new Uint16Array(4)], [null]])('may not push %j', (chunk) => {
    expect(() => new MessageDecoder(noLimits).push(chunk as never)).toThrow(TypeError)
  })

  it('is told of chunks that were not read, and of calls after the end', () => {
    const decoder = new MessageDecoder(noLimits)
    decoder.push(complete)
    expect(() => decoder.push(complete)).toThrow(/next\(\) until it answers null/)
    expect(() => decoder.end()).toThrow(/next\(\) until it answers null/)
    while (decoder.next() !== null);
    decoder.end()
    expect(() => decoder.push(complete)).toThrow(/after end/)
  })

  it('gets the same error from every call after a refusal', () => {
    const decoder = new MessageDecoder(noLimits)
    decoder.push(concat(head, regularFrame(2)))
    expect(decoder.next()?.type).toBe('header')
    const thrown: unknown[] = []
    for (const call of [() => decoder.next(), () => decoder.next()]) {
      try {
        call()
      } catch (error) {
        thrown.push(error)
      }
    }
    expect(thrown).toHaveLength(2)
    expect(thrown[0]).toBe(thrown[1])
    expect(thrown[0]).toMatchObject({ code: 'ERR_MALFORMED' })
  })

  it.each([
    ['maxHeaderLength', 0],
    ['maxHeaderLength', Number.NaN],
    ['maxFrameLength', -1],
    ['maxEncryptedDataKeys', 0],
    ['maxEncryptedDataKeys', true],
    ['maxHeaderLength', '10'],
    ['maxFrameLength', false],
    ['maxFrameLength', undefined],
  ])('may not set %s to %j', (name, limit) => {
    expect(() => new MessageDecoder({ ...noLimits, [name]: limit } as never)).toThrow(RangeError)
  })
})
