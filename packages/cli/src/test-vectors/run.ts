import { BongtuError, type DecryptOptions, decrypt, decryptStream, type Keyring } from '@bongtu/client'
import { multi } from '@bongtu/keyrings/multi'
import { explain } from '../explain.ts'
import type { CaseKeys, VectorCase, VectorResult } from './case.ts'

export interface RunOptions {
  readonly allowNet400: boolean
  readonly signal: AbortSignal
}

/** Vectors come from writers with other limits, and of every suite. */
const withoutLimits = {
  commitmentPolicy: 'require-encrypt-allow-decrypt',
  maxEncryptedDataKeys: false,
  maxHeaderLength: Number.MAX_SAFE_INTEGER,
  maxFrameLength: Number.MAX_SAFE_INTEGER,
} as const

/** Decrypts one vector and compares what comes with what it says. Rejects for an interruption only. */
export async function runCase(vector: VectorCase, { allowNet400, signal }: RunOptions): Promise<VectorResult> {
  signal.throwIfAborted()
  const { id } = vector
  try {
    const keys = vector.keys()
    const skip = reasonToSkip(vector, keys)
    if (skip !== null) return { id, outcome: 'skipped', reason: skip }
    const options: DecryptOptions = {
      ...withoutLimits,
      keyring: one(keys.keyrings),
      encryptionContext: vector.encryptionContext,
      allowNet400Messages: allowNet400,
      signal,
    }
    return await judge(vector, keys, options)
  } catch (error) {
    signal.throwIfAborted()
    return failed(id, error)
  }
}

/** A message that some key opens may also name keys that are not here; that it is refused must not be for want of them. */
function reasonToSkip({ plaintext }: VectorCase, { keyrings, missing }: CaseKeys): string | null {
  const [first] = missing
  if (first === undefined) return keyrings.length === 0 ? 'names no key' : null
  return keyrings.length === 0 || plaintext === null ? first : null
}

async function judge(vector: VectorCase, { missing }: CaseKeys, options: DecryptOptions): Promise<VectorResult> {
  const { id } = vector
  const ciphertext = await vector.ciphertext()
  const expected = (await vector.plaintext?.()) ?? null
  let plaintext: Uint8Array
  try {
    plaintext = await (vector.unsignedOnly ? decryptUnsigned(ciphertext, options) : decryptWhole(ciphertext, options))
  } catch (error) {
    if (expected === null && BongtuError.is(error)) return { id, outcome: 'passed' }
    const [reason] = missing
    if (reason !== undefined && BongtuError.is(error, 'ERR_NO_KEY')) return { id, outcome: 'skipped', reason }
    throw error
  }
  if (expected === null) return { id, outcome: 'failed', reason: 'opened, and should be refused' }
  if (!Buffer.from(expected).equals(plaintext)) return { id, outcome: 'failed', reason: 'opened to another plaintext' }
  return { id, outcome: 'passed' }
}

async function decryptWhole(ciphertext: Uint8Array, options: DecryptOptions): Promise<Uint8Array> {
  return (await decrypt(ciphertext, options)).plaintext
}

/** decryption-method streaming-unsigned-only */
async function decryptUnsigned(ciphertext: Uint8Array, options: DecryptOptions): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(ciphertext)]).stream()
  const plaintext = stream.pipeThrough(decryptStream({ ...options, unverified: 'refuse' }))
  return new Uint8Array(await new Response(plaintext as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}

function failed(id: string, error: unknown): VectorResult {
  const { code, text } = explain(error)
  const reason = code === undefined ? text : `${code}: ${text}`
  return { id, outcome: 'failed', reason: reason.replaceAll(/\s*\n\s*/g, '; ') }
}

/** Several master keys are a multi keyring, the first of them its generator. */
function one(keyrings: readonly Keyring[]): Keyring {
  const [first, ...others] = keyrings
  return first !== undefined && others.length === 0 ? first : multi({ children: keyrings })
}
