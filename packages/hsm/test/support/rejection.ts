import type { TokenErrorCode } from '@bongtu/hsm'
import { expect } from 'vitest'

/** What a TokenError with this code looks like. */
export const tokenErrorWith = (code: TokenErrorCode, message?: string): unknown =>
  expect.objectContaining({
    name: 'TokenError',
    code,
    ...(message === undefined ? {} : { message: expect.stringContaining(message) }),
  })
