import fc from 'fast-check'
import {
  type AlgorithmSuite,
  algorithmSuites,
  bodyLength,
  encodeFooter,
  encodeHeaderAuthentication,
  encodeHeaderBody,
  encryptionContext,
  type Header,
  messageIdLength,
  suiteById,
  writeFinalFrameHeader,
  writeRegularFrameHeader,
} from '../../src/index.ts'

/** The same examples on every run: a test that fails fails again. `FC_SEED` explores others. */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_191) })

/** A header with every field set to something small and telling. */
export function header(fields: Partial<Header> = {}): Header {
  const suite = fields.suite ?? suiteById(0x0478)
  const version = suite.messageVersion
  return {
    version,
    suite,
    messageId: counting(messageIdLength(version), 0x10),
    encryptionContext: encryptionContext({ tenant: 'acme' }),
    encryptedDataKeys: [{ providerId: 'test', keyInfo: counting(5), ciphertext: counting(7) }],
    contentType: 'framed',
    frameLength: 8,
    commitment: counting(version === 1 ? 0 : 32, 0x80),
    ...fields,
  }
}

/** `length` bytes that count up, as a view that neither begins nor ends with its buffer. */
export function counting(length: number, from = 1): Uint8Array {
  const around = new Uint8Array(length + 7).fill(0xee)
  const bytes = around.subarray(3, 3 + length)
  for (let at = 0; at < length; at++) bytes[at] = from + at
  return bytes
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  parts.reduce((at, part) => {
    whole.set(part, at)
    return at + part.length
  }, 0)
  return whole
}

/** The same bytes as a view into a larger buffer. */
export function offsetView(bytes: Uint8Array): Uint8Array {
  return concat(counting(5), bytes, counting(3)).subarray(5, 5 + bytes.length)
}

export function hex(text: string): Uint8Array {
  const digits = text.replace(/#.*$/gm, '').replace(/\s/g, '')
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function uint(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) bytes[length - 1 - at] = Math.floor(value / 256 ** at) % 256
  return bytes
}

export function encodedHeader(of: Header): Uint8Array {
  return concat(encodeHeaderBody(of), encodeHeaderAuthentication(of.version, counting(16, 0xa0)))
}

/** What the format's body looks like with content that was never encrypted and tags that count: for structure only. */
export function body(plaintextLength: number, frameLength: number, { emptyFinalFrame = false } = {}): Uint8Array {
  const inFinal = emptyFinalFrame ? 0 : plaintextLength === 0 ? 0 : ((plaintextLength - 1) % frameLength) + 1
  const regular = (plaintextLength - inFinal) / frameLength
  const bytes = new Uint8Array(
    emptyFinalFrame ? regular * (frameLength + 32) + 40 : bodyLength(plaintextLength, frameLength),
  ).fill(0x5a)
  for (let index = 0; index < regular; index++) writeRegularFrameHeader(bytes, index * (frameLength + 32), index + 1)
  writeFinalFrameHeader(bytes, regular * (frameLength + 32), regular + 1, inFinal)
  return bytes
}

export function nonFramedBody(contentLength: number): Uint8Array {
  return concat(uint(1, 12), uint(contentLength, 8), new Uint8Array(contentLength + 16).fill(0x5a))
}

/** The bytes of a header with its content type and frame length changed to those of a non-framed message. */
export function encodedNonFramedHeader(of: Header): Uint8Array {
  const bytes = encodedHeader({ ...of, frameLength: 0xffffffff })
  const behindFrameLength = of.version === 1 ? 28 : 48
  const frameLengthAt = bytes.length - behindFrameLength - 4
  bytes.fill(0, frameLengthAt, frameLengthAt + 4)
  bytes[frameLengthAt - (of.version === 1 ? 6 : 1)] = 1
  return bytes
}

/** A whole framed message of a suite. */
export function message(plaintextLength: number, fields: Partial<Header> = {}): Uint8Array {
  const of = header(fields)
  const footer = of.suite.signature === null ? new Uint8Array(0) : encodeFooter(counting(71))
  return concat(encodedHeader(of), body(plaintextLength, of.frameLength), footer)
}

/** Offsets at which one part of `message()` ends and the next begins, those within a part left out. */
export function structuralBoundaries(plaintextLength: number, fields: Partial<Header> = {}): number[] {
  const of = header(fields)
  const start = encodedHeader(of).length
  const frames = Math.max(1, Math.ceil(plaintextLength / of.frameLength))
  const starts = Array.from({ length: frames }, (_, index) => start + index * (of.frameLength + 32))
  return [start - (of.version === 1 ? 28 : 16), ...starts, start + body(plaintextLength, of.frameLength).length]
}

const text = fc.string({ unit: 'binary', maxLength: 12 })
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength })
const exactly = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length })

export const anySuite: fc.Arbitrary<AlgorithmSuite> = fc.constantFrom(...algorithmSuites)

export const anyHeader: fc.Arbitrary<Header> = anySuite.chain((suite) =>
  fc.record({
    version: fc.constant(suite.messageVersion),
    suite: fc.constant(suite),
    messageId: exactly(messageIdLength(suite.messageVersion)),
    encryptionContext: fc.dictionary(text, text, { maxKeys: 6 }).map(encryptionContext),
    encryptedDataKeys: fc.array(fc.record({ providerId: text, keyInfo: bytes(40), ciphertext: bytes(80) }), {
      minLength: 1,
      maxLength: 4,
    }),
    contentType: fc.constant('framed' as const),
    frameLength: fc.integer({ min: 1, max: 0xffffffff }),
    commitment: exactly(suite.messageVersion === 1 ? 0 : 32),
  }),
)
