import { record } from '@bongtu/crypto/options'
import type { Answer, Call, Operation } from '../call.ts'
import type { Caller } from '../caller.ts'
import { uuid } from '../keys/new-key.ts'
import type { Kms } from '../kms.ts'
import type { OperationName } from '../model/inputs.ts'
import { readInput } from '../model/read-input.ts'
import { operations } from '../operations/table.ts'
import type { Authenticate } from './authenticate.ts'
import { KmsError } from './errors.ts'
import { toKmsError } from './failures.ts'
import type { WireRequest, WireResponse } from './message.ts'
import { refuseOtherService, TARGET_PREFIX } from './other-service.ts'

/** One request, once it is over. It names no key byte, plaintext or context value. */
export interface CallRecord {
  readonly requestId: string
  /** `undefined` where the request named no operation of the API. */
  readonly operation: OperationName | undefined
  readonly caller: Caller | undefined
  /** The key, as the caller named it. */
  readonly keyId: string | undefined
  readonly error: KmsError | undefined
  /** What was thrown, where it was not meant for the caller. */
  readonly cause: unknown
  /** Milliseconds from the arrival of the request to its answer. */
  readonly duration: number
}

export interface EntryOptions {
  readonly kms: Kms
  readonly authenticate: Authenticate
  /** Asked before an operation runs; may wait, and may throw in its place. */
  readonly interfere: ((operation: OperationName) => Promise<void>) | undefined
  readonly onCall: (record: CallRecord) => void
}

/** The KMS as a function: one request in, one response out. It never throws. */
export type Entry = (request: WireRequest) => Promise<WireResponse>

const CONTENT_TYPE = 'application/x-amz-json-1.1'

export function createEntry({ kms, authenticate, interfere, onCall }: EntryOptions): Entry {
  return async (given) => {
    // Without a prototype: a header that is not there is not read from `Object.prototype`.
    const request = { ...given, headers: record(given.headers) }
    const started = performance.now()
    const requestId = uuid()
    let operation: OperationName | undefined
    let caller: Caller | undefined
    let input: object | undefined
    const finish = (response: WireResponse, error?: KmsError, cause?: unknown) => {
      const duration = performance.now() - started
      onCall({ requestId, operation, caller, keyId: keyIdOf(input), error, cause, duration })
      return response
    }
    const refusal = refuseOtherService(request, requestId)
    if (refusal !== undefined) return finish(refusal, new KmsError('UnknownOperationException'))
    try {
      caller = authenticate(request)
      operation = operationOf(request)
      if (interfere !== undefined) await interfere(operation)
      input = readInput(operation, parseBody(request.body))
      const answer = await run({ kms, caller, operation }, input)
      return finish(respond(200, requestId, answer))
    } catch (thrown) {
      const error = toKmsError(thrown)
      return finish(respondError(error, requestId), error, error === thrown ? undefined : thrown)
    }
  }
}

/** Runs the operation. A rehearsal that succeeds fails by saying so: the operations that know DryRun change nothing. */
async function run(call: Call, input: object): Promise<Answer> {
  const { GrantTokens, DryRun } = input as { GrantTokens?: readonly string[]; DryRun?: boolean }
  if (GrantTokens !== undefined && GrantTokens.length > 0) throw new KmsError('InvalidGrantTokenException')
  const operation = operations[call.operation] as Operation<never>
  const answer = await operation(call, input as never)
  if (DryRun !== true) return answer
  const text = 'The request would have succeeded, but the DryRun option is set.'
  throw new KmsError('DryRunOperationException', text)
}

function operationOf({ method, url, headers }: WireRequest): OperationName {
  const target = headers['x-amz-target'] ?? ''
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : ''
  if (method !== 'POST' || !(url === '/' || url === '') || !Object.hasOwn(operations, name)) {
    throw new KmsError('UnknownOperationException')
  }
  return name as OperationName
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseBody(body: Uint8Array): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    throw new KmsError('SerializationException', 'The request body is not valid JSON.')
  }
}

const empty = new Uint8Array(0)

function respond(status: number, requestId: string, answer: Answer): WireResponse {
  const body = answer === undefined ? empty : Buffer.from(JSON.stringify(answer))
  const headers = {
    'x-amzn-RequestId': requestId,
    'Content-Type': CONTENT_TYPE,
    'Content-Length': String(body.length),
    'Cache-Control': 'no-cache, no-store, must-revalidate, private',
  }
  return { status, headers, body }
}

function respondError({ code, text, status }: KmsError, requestId: string): WireResponse {
  return respond(status, requestId, text === undefined ? { __type: code } : { __type: code, message: text })
}

function keyIdOf(input: object | undefined): string | undefined {
  const { KeyId, TargetKeyId, DestinationKeyId } = (input ?? {}) as Readonly<Record<string, string | undefined>>
  return KeyId ?? TargetKeyId ?? DestinationKeyId
}
