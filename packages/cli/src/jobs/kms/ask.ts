import type { LocalKms } from '@bongtu/kms'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'

export type KmsAnswer = Readonly<Record<string, unknown>>

/** What one operation of the API answers in the account and Region that the KMS was opened with. */
export async function call(
  kms: LocalKms,
  operation: string,
  input: object,
): Promise<{ status: number; answer: KmsAnswer }> {
  const { status, body } = await kms.entry({
    method: 'POST',
    url: '/',
    headers: { 'x-amz-target': `TrentService.${operation}` },
    body: new TextEncoder().encode(JSON.stringify(input)),
  })
  return { status, answer: body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(body)) }
}

/** As `call`; what is not answered with success fails. */
export async function ask(kms: LocalKms, operation: string, input: object): Promise<KmsAnswer> {
  const { status, answer } = await call(kms, operation, input)
  if (status === 200) return answer
  const text = [answer.__type, answer.message].filter((part) => part !== undefined).join(': ')
  throw new Failure(`${operation}: ${text}`, exitCodes.failed)
}
