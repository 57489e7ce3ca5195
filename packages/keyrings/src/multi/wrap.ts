import type { WrappedDataKey, WrapRequest } from '@bongtu/client'
import { defaultEngine } from '@bongtu/crypto'
import { record } from '@bongtu/crypto/options'
import { BongtuError, type EncryptedDataKey } from '@bongtu/message-format'
import type { Member } from './member.ts'

/**
 * multi-keyring.md, OnEncrypt: the generator makes and wraps the data key, the children wrap it in turn, and any failure
 * fails all. Throws ERR_KEYRING, or what the keyring at fault threw where that is a BongtuError.
 */
export async function wrapWithAll(
  generator: Member | null,
  children: readonly Member[],
  request: WrapRequest,
): Promise<WrappedDataKey> {
  if (generator === null) return wrapGiven(children, request)
  const { dataKey, encryptedDataKeys } = await generate(generator, request)
  try {
    const wrapped = await wrapInTurn(children, record({ ...request, dataKey }))
    return { dataKey, encryptedDataKeys: [...encryptedDataKeys, ...wrapped] }
  } catch (error) {
    dataKey.fill(0)
    throw error
  }
}

async function wrapGiven(children: readonly Member[], request: WrapRequest): Promise<WrappedDataKey> {
  const { dataKey } = request
  if (dataKey === undefined) {
    throw new BongtuError('ERR_KEYRING', 'a multi keyring without a generator cannot make a data key: name a generator')
  }
  return { dataKey, encryptedDataKeys: await wrapInTurn(children, record({ ...request, dataKey })) }
}

async function generate(generator: Member, request: WrapRequest): Promise<WrappedDataKey> {
  if (request.dataKey !== undefined) {
    throw new BongtuError(
      'ERR_KEYRING',
      'a multi keyring with a generator does not wrap a data key that another keyring made: ' +
        'make it the generator there, or list its keyrings as children',
    )
  }
  const generated = await ask(generator, request)
  const { dataKeyLength } = request.suite
  const { length } = generated.dataKey
  if (length === dataKeyLength && generated.encryptedDataKeys.length > 0) return generated
  generated.dataKey.fill(0)
  throw failure(
    generator,
    length === dataKeyLength
      ? 'answered no encrypted data key'
      : `generated a data key of ${length} bytes, and the suite takes ${dataKeyLength}`,
  )
}

async function wrapInTurn(
  children: readonly Member[],
  request: WrapRequest & { readonly dataKey: Uint8Array },
): Promise<EncryptedDataKey[]> {
  const wrapped: EncryptedDataKey[] = []
  // A child that alters the array it was given would make all the next ones wrap another data key.
  const original = request.dataKey.slice()
  try {
    for (const child of children) {
      const { dataKey, encryptedDataKeys } = await ask(child, request)
      const same = defaultEngine.equal(dataKey, original) && defaultEngine.equal(request.dataKey, original)
      if (!overlap(dataKey, request.dataKey)) dataKey.fill(0)
      if (!same) throw failure(child, 'answered another data key than the one it was given')
      if (encryptedDataKeys.length === 0) throw failure(child, 'answered no encrypted data key')
      wrapped.push(...encryptedDataKeys)
    }
    return wrapped
  } finally {
    original.fill(0)
  }
}

async function ask({ keyring, label }: Member, request: WrapRequest): Promise<WrappedDataKey> {
  request.signal?.throwIfAborted()
  try {
    return await keyring.wrapDataKey(request)
  } catch (cause) {
    request.signal?.throwIfAborted()
    // A TypeError is none of them: fetch throws one where the network fails, and which keyring it was must show.
    if (BongtuError.is(cause)) throw cause
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    throw new BongtuError('ERR_KEYRING', `${label} did not wrap the data key${why}`, { cause })
  }
}

const failure = ({ label }: Member, what: string): BongtuError => new BongtuError('ERR_KEYRING', `${label} ${what}`)

function overlap(a: Uint8Array, b: Uint8Array): boolean {
  return a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.length && b.byteOffset < a.byteOffset + a.length
}
