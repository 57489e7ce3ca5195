import { suiteHex } from '@bongtu/message-format'
import type { Group } from './accept.ts'
import { concat, NOTHING, uint, utf8 } from './bytes.ts'
import { append, both, cut, drop, type Edit, type Part, part, replace, turnBit } from './parts.ts'
import type { Refusal } from './vectors.ts'

const UNSIGNED = 0x0478
const SIGNED = 0x0578

const frame = (parts: readonly Part[], start: string): readonly Part[] =>
  parts.filter(({ name }) => name.startsWith(start))

/** Puts the frames of a body in another order, by the beginnings of their names. */
const reordered =
  (...order: readonly string[]): Edit =>
  (parts) => {
    const first = parts.findIndex(({ name }) => /^(frame|final)/.test(name))
    const rest = parts.filter(({ name }, at) => at >= first && !/^(frame|final)/.test(name))
    return [...parts.slice(0, first), ...order.flatMap((start) => frame(parts, start)), ...rest]
  }

const of = (
  name: string,
  error: Refusal['error'],
  mayRelease: number,
  editBody: Edit,
  more: Partial<Refusal> = {},
): readonly Refusal[] =>
  [UNSIGNED, SIGNED, 0x0178].map((suite) => ({
    name: `${name}, ${suiteHex(suite)}`,
    suite,
    error,
    mayRelease,
    editBody,
    ...more,
  }))

export const structure: Group<Refusal> = {
  file: 'body',
  about: 'Frames in wrong order, number and length. What is signed has a signature that fits.',
  readings: [
    ...of('the first two frames exchanged', 'ERR_MALFORMED', 0, reordered('frame 2', 'frame 1', 'final')),
    ...of('the first frame twice', 'ERR_MALFORMED', 16, reordered('frame 1', 'frame 1', 'frame 2', 'final')),
    ...of('the first frame dropped', 'ERR_MALFORMED', 0, drop('frame 1')),
    ...of('a frame in the middle dropped', 'ERR_MALFORMED', 16, drop('frame 2')),
    ...of('the final frame before the last regular one', 'ERR_MALFORMED', 16, reordered('frame 1', 'final', 'frame 2')),
    ...of('sequence number 0', 'ERR_MALFORMED', 0, replace('frame 1 sequence', uint(0, 4))),
    ...of('a final frame with another sequence number', 'ERR_MALFORMED', 32, replace('final sequence', uint(4, 4))),
    ...of('a final frame longer than a frame', 'ERR_MALFORMED', 0, (parts) => parts, {
      frameLength: 64,
      editHeader: replace('frame length', uint(39, 4)),
    }),
    ...of('a final frame that announces more than a frame', 'ERR_MALFORMED', 32, replace('final length', uint(17, 4))),
    {
      name: `two final frames, ${suiteHex(UNSIGNED)}`,
      suite: UNSIGNED,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      editBody: reordered('frame 1', 'frame 2', 'final', 'final'),
    },
    {
      name: `a byte behind the end, ${suiteHex(UNSIGNED)}`,
      suite: UNSIGNED,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      edit: append('more', uint(0, 1)),
    },
    {
      name: `a byte behind the end, ${suiteHex(SIGNED)}`,
      suite: SIGNED,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      edit: append('more', uint(0, 1)),
    },
    {
      name: 'a byte behind the end of a body without frames',
      suite: UNSIGNED,
      frameLength: 0,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      edit: append('more', uint(0, 1)),
    },
    {
      name: 'a body without frames that announces more than can be',
      suite: UNSIGNED,
      frameLength: 0,
      error: 'ERR_MALFORMED',
      editBody: replace('body length', uint(2 ** 36 - 31, 8)),
    },
    {
      name: 'a body without frames that announces 2^63 bytes',
      suite: SIGNED,
      frameLength: 0,
      error: 'ERR_MALFORMED',
      editBody: replace('body length', uint(2 ** 63, 8)),
    },
    {
      name: 'a whole message behind the end',
      suite: UNSIGNED,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      edit: (parts) => [...parts, ...parts],
    },
    {
      name: 'a footer behind an unsigned message',
      suite: UNSIGNED,
      error: 'ERR_MALFORMED',
      mayRelease: 40,
      edit: append('signature length', uint(0, 2)),
    },
  ],
}

const altered = (name: string, mayRelease: number, more: Partial<Refusal>): readonly Refusal[] =>
  [UNSIGNED, SIGNED, 0x0178].map((suite) => ({
    name: `${name}, ${suiteHex(suite)}`,
    suite,
    error: 'ERR_AUTHENTICATION',
    mayRelease,
    ...more,
  }))

export const tampering: Group<Refusal> = {
  file: 'tampering',
  about: 'Messages in good form whose commitment, tags or signature do not fit. One error for all of them.',
  readings: [
    ...altered('another message id', 0, { edit: turnBit('message id') }),
    ...altered('another header tag', 0, { editBody: turnBit('header tag') }),
    ...altered('another frame length', 0, { edit: replace('frame length', uint(17, 4)) }),
    { name: 'another commitment', suite: UNSIGNED, error: 'ERR_AUTHENTICATION', editHeader: turnBit('commitment') },
    {
      name: 'another commitment, signed',
      suite: SIGNED,
      error: 'ERR_AUTHENTICATION',
      editHeader: turnBit('commitment'),
    },
    {
      name: 'another header initialisation vector',
      suite: 0x0178,
      error: 'ERR_AUTHENTICATION',
      editBody: turnBit('header iv'),
    },
    ...altered('the first frame altered', 0, { editBody: turnBit('frame 1 content') }),
    ...altered('the tag of the second frame altered', 16, { editBody: turnBit('frame 2 tag') }),
    ...altered('the initialisation vector of a frame altered', 16, { editBody: turnBit('frame 2 iv') }),
    ...altered('the final frame altered', 32, { editBody: turnBit('final content') }),
    ...altered('the tag of the final frame altered', 32, { editBody: turnBit('final tag') }),
    ...altered('the contents of two frames exchanged', 0, {
      editBody: (parts) => {
        const [first, second] = [frame(parts, 'frame 1 '), frame(parts, 'frame 2 ')]
        const bytes = (from: readonly Part[], name: string) =>
          from.find((one) => one.name.endsWith(name))?.bytes ?? NOTHING
        return both(
          ...['iv', 'content', 'tag'].flatMap((name) => [
            replace(`frame 1 ${name}`, bytes(second, name)),
            replace(`frame 2 ${name}`, bytes(first, name)),
          ]),
        )(parts)
      },
    }),
    ...altered('a regular frame that is made the final one', 16, {
      editBody: (parts) => [
        ...parts.filter(({ name }) => !/^(frame 2|final)/.test(name)),
        part('final marker', uint(0xffffffff, 4)),
        ...frame(parts, 'frame 2 sequence'),
        ...frame(parts, 'frame 2 iv'),
        part('final length', uint(16, 4)),
        ...frame(parts, 'frame 2 content'),
        ...frame(parts, 'frame 2 tag'),
      ],
    }),
    ...altered('a body without frames altered', 0, { frameLength: 0, editBody: turnBit('body content') }),
    {
      name: 'a body without frames that is announced shorter',
      suite: UNSIGNED,
      frameLength: 0,
      error: 'ERR_AUTHENTICATION',
      editBody: replace('body length', uint(39, 8)),
    },
    { name: '.NET 4.0.0, without the option', suite: UNSIGNED, net400: true, error: 'ERR_AUTHENTICATION' },
    {
      name: '.NET 4.0.0 with derived keys, without the option',
      suite: 0x0178,
      net400: true,
      error: 'ERR_AUTHENTICATION',
    },
  ],
}

const badFooter = (name: string, error: Refusal['error'], edit: Edit, more: Partial<Refusal> = {}): Refusal => ({
  name,
  suite: SIGNED,
  error,
  mayRelease: 32,
  edit,
  ...more,
})

/** Another signature in place of the one that fits, with its length. */
const signature =
  (change: (der: Uint8Array) => Uint8Array): Edit =>
  (parts) => {
    const der = parts.find(({ name }) => name === 'signature')?.bytes ?? NOTHING
    const other = change(der)
    return both(replace('signature length', uint(other.length, 2)), replace('signature', other))(parts)
  }

const integers = (r: number, s: number): Uint8Array => Uint8Array.of(0x30, 6, 2, 1, r, 2, 1, s)

export const footer: Group<Refusal> = {
  file: 'footer',
  about: 'Signatures that do not fit or are in no strict DER. Nothing of the final frame may be seen before.',
  readings: [
    badFooter('a signature of another message', 'ERR_AUTHENTICATION', turnBit('signature')),
    badFooter('a signature of another message, P-256', 'ERR_AUTHENTICATION', turnBit('signature'), { suite: 0x0214 }),
    badFooter('a body without frames, whose signature does not fit', 'ERR_AUTHENTICATION', turnBit('signature'), {
      frameLength: 0,
      mayRelease: 0,
    }),
    badFooter(
      'r and s of zero',
      'ERR_AUTHENTICATION',
      signature(() => integers(0, 0)),
    ),
    badFooter(
      'r and s of one',
      'ERR_AUTHENTICATION',
      signature(() => integers(1, 1)),
    ),
    badFooter(
      's of zero',
      'ERR_AUTHENTICATION',
      signature(() => integers(1, 0)),
    ),
    badFooter(
      'a negative r',
      'ERR_AUTHENTICATION',
      signature(() => integers(0x80, 1)),
    ),
    badFooter(
      'a byte behind the signature, within its length',
      'ERR_AUTHENTICATION',
      signature((der) => concat([der, uint(0, 1)])),
      {
        signatureLength: (length) => length < 104,
      },
    ),
    badFooter(
      'a length in two bytes where one would do',
      'ERR_AUTHENTICATION',
      signature((der) => concat([Uint8Array.of(0x30, 0x81), der.subarray(1)])),
      {
        signatureLength: (length) => length < 104,
      },
    ),
    badFooter(
      'a signature as two bare numbers',
      'ERR_AUTHENTICATION',
      signature(() => utf8('r'.repeat(96))),
    ),
    badFooter(
      'no byte of signature',
      'ERR_MALFORMED',
      signature(() => NOTHING),
    ),
    badFooter(
      'a signature longer than any of its curve',
      'ERR_MALFORMED',
      signature((der) => concat([der, new Uint8Array(105 - der.length)])),
    ),
    badFooter('a footer that is missing', 'ERR_TRUNCATED', drop('signature')),
    badFooter(
      'a footer that announces more than comes',
      'ERR_TRUNCATED',
      replace('signature length', (bytes) => uint((bytes[1] ?? 0) + 1, 2)),
      {
        signatureLength: (length) => length < 104,
      },
    ),
  ],
}

interface Cut {
  readonly field: string
  /** The field that would come next. */
  readonly before: string
  /** Bytes of plaintext that a stream may have released behind the field, and one byte before its end. */
  readonly behind?: number
  readonly within?: number
}

const cuts: readonly Cut[] = [
  { field: 'suite', before: 'message id' },
  { field: 'message id', before: 'context length' },
  { field: 'context length', before: 'context' },
  { field: 'context', before: 'key count' },
  { field: 'key count', before: 'key 1 provider id length' },
  { field: 'provider id', before: 'key 1 key info length' },
  { field: 'key info', before: 'key 1 ciphertext length' },
  { field: 'wrapped data key', before: 'content type' },
  { field: 'header', before: 'header tag' },
  { field: 'header tag', before: 'frame 1 sequence' },
  { field: 'first sequence number', before: 'frame 1 iv' },
  { field: 'first content', before: 'frame 1 tag' },
  { field: 'first frame', before: 'frame 2 sequence', behind: 16 },
  { field: 'regular frames', before: 'final marker', behind: 32, within: 16 },
  { field: 'final marker', before: 'final sequence', behind: 32, within: 32 },
  { field: 'final length', before: 'final content', behind: 32, within: 32 },
  { field: 'final content', before: 'final tag', behind: 32, within: 32 },
]

const offsetOf = (parts: readonly Part[], name: string): number => {
  const at = parts.findIndex((one) => one.name === name)
  return parts.slice(0, at).reduce((sum, { bytes }) => sum + bytes.length, 0)
}

const cutBefore =
  (name: string, less = 0): Edit =>
  (parts) =>
    cut(offsetOf(parts, name) - less)(parts)

const truncated = (
  name: string,
  suite: number,
  edit: Edit,
  mayRelease: number,
  more: Partial<Refusal> = {},
): Refusal => ({
  name: `${name}, ${suiteHex(suite)}`,
  suite,
  context: { tenant: 'acme' },
  error: 'ERR_TRUNCATED',
  edit,
  mayRelease,
  ...more,
})

export const truncation: Group<Refusal> = {
  file: 'truncation',
  about: 'Messages that end too early: behind each of their fields, and one byte before it.',
  readings: [
    ...[0x0178, SIGNED].flatMap((suite) =>
      cuts.flatMap(({ field, before, behind = 0, within = 0 }) => [
        truncated(`behind the ${field}`, suite, cutBefore(before), behind),
        truncated(`within the ${field}`, suite, cutBefore(before, 1), within),
      ]),
    ),
    truncated('behind the version', 0x0178, cutBefore('type'), 0),
    truncated('within the final tag', 0x0178, (parts) => cut(length(parts) - 1)(parts), 32),
    truncated('within the signature', SIGNED, (parts) => cut(length(parts) - 1)(parts), 32),
    truncated('before the signature', SIGNED, cutBefore('signature'), 32),
    truncated('within a body without frames', UNSIGNED, (parts) => cut(length(parts) - 1)(parts), 0, {
      frameLength: 0,
    }),
    truncated('nothing at all', UNSIGNED, () => [], 0),
  ],
}

const length = (parts: readonly Part[]): number => parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
