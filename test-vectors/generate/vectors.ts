import { suiteById } from '@bongtu/message-format'
import type { AcceptVector, RejectCode, RejectVector, VectorKeys, VectorOptions } from '../vector.ts'
import { base64 } from './bytes.ts'
import { type Writing, write } from './message.ts'

/** A message to write, and how it is to be read. */
export interface Reading extends Omit<Writing, 'seed'> {
  readonly name: string
  /** The reader's keys. Default: the writer's. */
  readonly reader?: readonly string[]
  readonly options?: VectorOptions
  /** Leaves the commitment policy as readers have it, also for a suite that does not commit. */
  readonly defaultPolicy?: boolean
}

export interface Refusal extends Reading {
  readonly error: RejectCode
  /** Bytes of plaintext that a streaming reader may have released. Default none. */
  readonly mayRelease?: number
}

const READS_ALL: VectorOptions = { commitmentPolicy: 'require-encrypt-allow-decrypt' }

function common(reading: Reading): Pick<AcceptVector, 'name' | 'keys' | 'options'> {
  const readable = suiteById(reading.suite).committing || reading.defaultPolicy === true
  const options = { ...(readable ? {} : READS_ALL), ...reading.options }
  const keys = reading.reader ?? reading.keys ?? ['aes-256']
  return { name: reading.name, keys, ...(Object.keys(options).length === 0 ? {} : { options }) }
}

export function acceptVector(reading: Reading, keys: VectorKeys): AcceptVector {
  const { message, boundaries, plaintext, context } = write({ seed: reading.name, ...reading }, keys)
  return {
    ...common(reading),
    message: base64(message),
    boundaries,
    plaintext: base64(plaintext),
    encryptionContext: context,
  }
}

export function rejectVector(refusal: Refusal, keys: VectorKeys): RejectVector {
  const { message, boundaries, plaintext } = write({ seed: refusal.name, ...refusal }, keys)
  return {
    ...common(refusal),
    message: base64(message),
    boundaries,
    error: refusal.error,
    mayRelease: base64(plaintext.subarray(0, refusal.mayRelease ?? 0)),
  }
}
