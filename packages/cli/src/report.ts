import type { EncryptedDataKey, Header } from '@bongtu/client'
import { suiteHex } from '@bongtu/message-format'
import { explain } from './explain.ts'
import type { Io } from './io.ts'
import { printableJson } from './terminal/printable.ts'

/** The facts of a header, as reports give them. */
export interface HeaderFacts {
  readonly version: number
  readonly suite: { readonly id: string; readonly name: string; readonly committing: boolean; readonly signed: boolean }
  readonly messageId: string
  readonly encryptionContext: Readonly<Record<string, string>>
  readonly encryptedDataKeys: readonly KeyFacts[]
  readonly contentType: string
  readonly frameLength: number
}

export interface KeyFacts {
  readonly provider: string
  /** The key's name, where the provider's information on it begins with readable text. */
  readonly name?: string
  /** Base64. */
  readonly keyInfo: string
  /** Bytes of the wrapped data key. */
  readonly length: number
}

export function headerFacts(header: Header): HeaderFacts {
  const { version, suite, messageId, encryptionContext, encryptedDataKeys, contentType, frameLength } = header
  const { name, committing, signature } = suite
  return {
    version,
    suite: { id: `0x${suiteHex(suite.id)}`, name, committing, signed: signature !== null },
    messageId: Buffer.from(messageId).toString('hex'),
    encryptionContext,
    encryptedDataKeys: encryptedDataKeys.map(keyFacts),
    contentType,
    frameLength,
  }
}

export function keyFacts({ providerId, keyInfo, ciphertext }: EncryptedDataKey): KeyFacts {
  const name = keyName(keyInfo)
  const facts = { provider: providerId, keyInfo: Buffer.from(keyInfo).toString('base64'), length: ciphertext.length }
  return name === null ? facts : { ...facts, name }
}

/** raw-aes-keyring.md, "key provider information": behind the name stand tag length, IV length and IV. */
const RAW_AES_TAIL = Buffer.from('000000800000000c', 'hex')
const RAW_AES_TAIL_LENGTH = 20

function keyName(keyInfo: Uint8Array): string | null {
  const info = Buffer.from(keyInfo)
  const nameLength = info.length - RAW_AES_TAIL_LENGTH
  const isRawAes = nameLength > 0 && info.subarray(nameLength, nameLength + RAW_AES_TAIL.length).equals(RAW_AES_TAIL)
  const text = info.toString('utf8', 0, isRawAes ? nameLength : info.length)
  return text !== '' && !/[\p{Cc}\ufffd]/u.test(text) ? text : null
}

/** Writes one line of JSON. It goes to standard output, or to standard error where the data itself goes to standard output. */
export function reportLine(io: Io, dataOnStdout: boolean, facts: object): void {
  const target = dataOnStdout ? io.stderr : io.stdout
  target.write(`${printableJson(facts)}\n`)
}

/** A failure, for a report. */
export function failureFacts(error: unknown): { readonly error: { readonly code: string; readonly message: string } } {
  const { code = 'ERR_FILE', text } = explain(error)
  return { error: { code, message: text } }
}
