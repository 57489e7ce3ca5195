import type { Caller } from './caller.ts'
import type { Kms } from './kms.ts'
import type { OperationName } from './model/inputs.ts'
import type { InputOf } from './model/types.ts'

/** One request on its way through an operation. */
export interface Call {
  readonly kms: Kms
  readonly caller: Caller
  readonly operation: OperationName
}

/** The answer as JSON will carry it; `undefined` for the operations that answer nothing. */
export type Answer = Readonly<Record<string, unknown>> | undefined

export type Operation<O extends OperationName> = (call: Call, input: InputOf<O>) => Promise<Answer>
