import { suiteById } from '@bongtu/message-format'

/** A stretch of a message, by the name that the specification gives it. */
export interface Field {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** A message as its parts of equal treatment: header, frames in order (the final one last), footer. */
export interface Dissected {
  readonly header: Uint8Array
  readonly frames: readonly Uint8Array[]
  readonly footer: Uint8Array
  readonly fields: readonly Field[]
}

const FINAL = 0xffffffff

/** Divides a framed message anew from the specification, without the code under test. */
export function dissect(message: Uint8Array): Dissected {
  const view = new DataView(message.buffer, message.byteOffset, message.length)
  const fields: Field[] = []
  let at = 0
  const field = (name: string, length: number): number => {
    fields.push({ name, start: at, end: at + length })
    at += length
    return at - length
  }
  const uint16 = (name: string): number => view.getUint16(field(name, 2))
  const uint32 = (name: string): number => view.getUint32(field(name, 4))

  const version = message[field('version', 1)]
  if (version === 1) field('type', 1)
  const suite = suiteById(uint16('suite'))
  field('message id', version === 1 ? 16 : 32)
  field('context', uint16('context length'))
  const keys = uint16('key count')
  for (let key = 0; key < keys; key++) {
    field('provider id', uint16('provider id length'))
    field('key info', uint16('key info length'))
    field('encrypted key', uint16('encrypted key length'))
  }
  field('content type', 1)
  if (version === 1) field('reserved', 4)
  if (version === 1) field('iv length', 1)
  const frameLength = uint32('frame length')
  if (version === 1) field('header iv', 12)
  else field('commitment', 32)
  field('header tag', 16)
  const headerEnd = at

  const frames: Uint8Array[] = []
  for (let final = false; !final; ) {
    const start = at
    final = view.getUint32(at) === FINAL
    if (final) field('final marker', 4)
    field(final ? 'final sequence' : 'sequence', 4)
    field(final ? 'final iv' : 'iv', 12)
    const length = final ? uint32('final length') : frameLength
    field(final ? 'final content' : 'content', length)
    field(final ? 'final tag' : 'tag', 16)
    frames.push(message.subarray(start, at))
  }
  const footerStart = at
  if (suite.signature !== null) field('signature', uint16('signature length'))
  if (at !== message.length) throw new Error(`${message.length - at} bytes are left over`)
  return {
    header: message.subarray(0, headerEnd),
    frames,
    footer: message.subarray(footerStart),
    fields: fields.filter(({ start, end }) => end > start),
  }
}
