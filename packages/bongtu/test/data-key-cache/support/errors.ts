import { BongtuError } from 'bongtu'

/** The code of the error that a promise rejects with. */
export async function rejectionCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (BongtuError.is(error)) return error.code
    throw error
  }
  throw new Error('it did not reject')
}
