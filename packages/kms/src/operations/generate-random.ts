import type { Operation } from '../call.ts'
import { toBase64 } from '../model/base64.ts'
import { invalid, KmsError } from '../wire/errors.ts'
import { refuseRecipient } from './encryption.ts'

export const generateRandom: Operation<'GenerateRandom'> = async ({ kms }, input) => {
  refuseRecipient(input.Recipient)
  if (input.CustomKeyStoreId !== undefined) throw new KmsError('CustomKeyStoreNotFoundException')
  if (input.NumberOfBytes === undefined) throw invalid('NumberOfBytes is required.')
  const { bytes } = await kms.domain.hsm.execute('generateRandom', { numberOfBytes: input.NumberOfBytes })
  const Plaintext = toBase64(bytes)
  bytes.fill(0)
  return { Plaintext }
}
