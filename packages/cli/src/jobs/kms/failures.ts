import { HsmError, StoreError } from '@bongtu/kms'
import { exitCodes } from '../../exit-codes.ts'
import { Failure, usage } from '../../failure.ts'

const ABSENT = '`bongtu kms create-key` and `bongtu kms start` make one; --data names another folder'

/** Throws what the KMS threw as a failure of this command, where it is one that its user can do something about. */
export function throwExplained(error: unknown): never {
  if (error instanceof StoreError || error instanceof HsmError) {
    const text = error.code === 'absent' ? `${error.message}\n${ABSENT}` : error.message
    throw new Failure(text, exitCodes.failed, { cause: error })
  }
  throw error
}

/** As `throwExplained`, where TypeErrors and RangeErrors speak of what the command line says. */
export function throwAsUsage(error: unknown): never {
  if (error instanceof TypeError || error instanceof RangeError) throw usage(error.message, error)
  throwExplained(error)
}
