import { describe, expect, it } from 'vitest'
import { type AlgorithmSuite, algorithmSuites, encodeHeaderBody, suiteById, suiteHex } from '../src/index.ts'
import { decodeChunks, expectRefused, noLimits } from './support/decoding.ts'
import {
  concat,
  counting,
  encodedHeader,
  encodedNonFramedHeader,
  header,
  hex,
  message,
  uint,
} from './support/messages.ts'

const [v1, v2] = [header({ suite: suiteById(0x0178) }), header()]
const bytes = { v1: message(10, { suite: v1.suite }), v2: message(10) }
const body = { v1: encodeHeaderBody(v1), v2: encodeHeaderBody(v2) }

/** The message with `patch` written over it at `at`. */
function patched(of: Uint8Array, at: number, patch: Uint8Array): Uint8Array {
  const copy = of.slice()
  copy.set(patch, at)
  return copy
}

/** In place of the bytes from `at` to `end`, others. */
function spliced(of: Uint8Array, at: number, end: number, others: Uint8Array): Uint8Array {
  return concat(of.subarray(0, at), others, of.subarray(end))
}

/** Offsets in the two headers, whose context has 16 bytes and whose one key has 22. */
const at = {
  v1: {
    suite: 2,
    contextLength: 20,
    context: 22,
    keyCount: 38,
    key: 40,
    contentType: 62,
    reserved: 63,
    ivLength: 67,
    frameLength: 68,
  },
  v2: { suite: 1, contextLength: 35, context: 37, keyCount: 53, key: 55, contentType: 77, frameLength: 78 },
} as const

describe('the header decoder refuses', () => {
  it('nothing in the messages that these tests change', () => {
    expect(body.v1.length).toBe(at.v1.frameLength + 4)
    expect(body.v2.length).toBe(at.v2.frameLength + 4 + 32)
    expect(decodeChunks([bytes.v1]).error).toBeNull()
    expect(decodeChunks([bytes.v2]).error).toBeNull()
  })

  it.each([0x0000, 0x6700, 0x6701, 0x0070, 0x0074, 0x0479, 0xffff])('the unknown suite %i as ERR_UNSUPPORTED', (id) => {
    expectRefused(patched(bytes.v1, at.v1.suite, uint(id, 2)), 'ERR_UNSUPPORTED', new RegExp(suiteHex(id)))
    expectRefused(patched(bytes.v2, at.v2.suite, uint(id, 2)), 'ERR_UNSUPPORTED', new RegExp(suiteHex(id)))
  })

  it.each(algorithmSuites.map((suite): [string, AlgorithmSuite] => [suite.name, suite]))(
    '%s in the other message version',
    (_, suite) => {
      const other = suite.messageVersion === 1 ? 'v2' : 'v1'
      expectRefused(
        patched(bytes[other], at[other].suite, uint(suite.id, 2)),
        'ERR_MALFORMED',
        /belongs to message version/,
      )
    },
  )

  it.each(['v1', 'v2'] as const)('a repeated context key in %s', (version) => {
    const context = hex('0002 0001 61 0001 31 0001 61 0001 31')
    const changed = spliced(bytes[version], at[version].context, at[version].keyCount, context)
    expectRefused(patched(changed, at[version].contextLength, uint(14, 2)), 'ERR_MALFORMED', /stands twice/)
  })

  it.each(['v1', 'v2'] as const)('no encrypted data key in %s', (version) => {
    const changed = spliced(bytes[version], at[version].keyCount, at[version].contentType, hex('0000'))
    expectRefused(changed, 'ERR_MALFORMED', /no encrypted data key/)
  })

  it.each(['v1', 'v2'] as const)('a provider id that is not UTF-8 in %s', (version) => {
    expectRefused(patched(bytes[version], at[version].key + 2, hex('ff')), 'ERR_MALFORMED', /not valid UTF-8/)
  })

  it.each(['v1', 'v2'] as const)('any content type but 1 and 2 in %s', (version) => {
    for (const type of [0, 3, 0x80, 0xff]) {
      expectRefused(patched(bytes[version], at[version].contentType, uint(type, 1)), 'ERR_MALFORMED', /content type/)
    }
  })

  it.each(['v1', 'v2'] as const)('a framed message with a frame length of 0 in %s', (version) => {
    expectRefused(patched(bytes[version], at[version].frameLength, uint(0, 4)), 'ERR_MALFORMED', /frame length of 0/)
  })

  it.each(['v1', 'v2'] as const)('a non-framed message with a frame length in %s', (version) => {
    expectRefused(patched(bytes[version], at[version].contentType, uint(1, 1)), 'ERR_MALFORMED', /non-framed/)
  })

  it('reserved bytes that are not zero', () => {
    for (let index = 0; index < 4; index++) {
      expectRefused(patched(bytes.v1, at.v1.reserved + index, uint(1, 1)), 'ERR_MALFORMED', /reserved/)
    }
  })

  it.each([0, 11, 13, 16])('initialisation vectors of %i bytes', (length) => {
    expectRefused(patched(bytes.v1, at.v1.ivLength, uint(length, 1)), 'ERR_MALFORMED', /initialisation vector/)
  })
})

describe('the limit on encrypted data keys', () => {
  const threeKeys = encodedHeader(header({ encryptedDataKeys: Array(3).fill(v2.encryptedDataKeys[0]) }))

  it('is inclusive, and off when false', () => {
    for (const limit of [3, 4, false] as const) {
      expect(decodeChunks([threeKeys], { ...noLimits, maxEncryptedDataKeys: limit }).seen).toHaveLength(1)
    }
    expectRefused(threeKeys, 'ERR_LIMIT', /3 encrypted data keys/, { ...noLimits, maxEncryptedDataKeys: 2 })
  })

  it('is checked at the count, before any key is there', () => {
    const untilCount = threeKeys.subarray(0, at.v2.key)
    expectRefused(untilCount, 'ERR_LIMIT', /maxEncryptedDataKeys/, { ...noLimits, maxEncryptedDataKeys: 2 })
  })
})

describe('the limit on the header', () => {
  it.each([
    ['version 1', encodedHeader(v1)],
    ['version 2', encodedHeader(v2)],
  ])('is inclusive and counts the authentication in %s', (_, encoded) => {
    const limits = { ...noLimits, maxHeaderLength: encoded.length }
    expect(decodeChunks([encoded], limits).seen).toHaveLength(1)
    expectRefused(encoded, 'ERR_LIMIT', /maxHeaderLength/, { ...limits, maxHeaderLength: encoded.length - 1 })
  })

  it('is checked at a length, before the field is there', () => {
    const limits = { ...noLimits, maxHeaderLength: 1000 }
    expectRefused(concat(bytes.v2.subarray(0, 35), hex('ffff')), 'ERR_LIMIT', /1000 bytes/, limits)
    expectRefused(concat(bytes.v2.subarray(0, at.v2.key), hex('ffff')), 'ERR_LIMIT', /1000 bytes/, limits)
  })
})

describe('the limit on frames', () => {
  it('does not concern what the header states, but what a frame announces', () => {
    const limits = { ...noLimits, maxFrameLength: 1 }
    expect(decodeChunks([bytes.v2], limits).seen).toHaveLength(1)
    expect(decodeChunks([bytes.v1], limits).seen).toHaveLength(1)
  })

  it('does not concern the header of a non-framed message', () => {
    expect(decodeChunks([encodedNonFramedHeader(v2)], { ...noLimits, maxFrameLength: 1 }).seen).toHaveLength(1)
  })
})

describe('a header that ends early', () => {
  it.each([
    ['version 1', encodedHeader(v1)],
    ['version 2', encodedHeader(v2)],
  ])('is ERR_TRUNCATED after every byte of %s', (_, encoded) => {
    for (let length = 1; length < encoded.length; length++) {
      expectRefused(encoded.subarray(0, length), 'ERR_TRUNCATED', /in its header/)
    }
  })

  it('gets a text of its own where there is no byte at all', () => {
    expect(decodeChunks([]).error).toMatch(/^ERR_TRUNCATED: the input is empty/)
    expect(decodeChunks([new Uint8Array(0), counting(0)]).error).toMatch(/^ERR_TRUNCATED: the input is empty/)
  })
})
