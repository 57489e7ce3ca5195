import { asUsage } from '../../failure.ts'

/** `asUsage` for what rejects: goes behind a promise, as its `catch`. */
export const rejectAsUsage = (error: unknown): never =>
  asUsage(() => {
    throw error
  })
