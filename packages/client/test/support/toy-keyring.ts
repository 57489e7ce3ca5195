import { defaultEngine as engine } from '@bongtu/crypto'
import { type EncryptedDataKey, encodeEncryptionContext } from '@bongtu/message-format'
import type { Keyring, UnwrapRequest, WrapRequest } from '../../src/index.ts'

export interface ToyOptions {
  /** Two toys of one name open each other's data keys. */
  readonly name?: string
  /** How many times it wraps each data key. */
  readonly copies?: number
  /** It answers no sooner than this. It pays no attention to signals. */
  readonly gate?: Promise<void>
}

/** A keyring that shows what it was asked, and which data keys it gave away. */
export interface ToyKeyring extends Keyring {
  readonly name: string
  readonly wrapped: WrapRequest[]
  readonly unwrapped: UnwrapRequest[]
  /** The very arrays that were handed out. */
  readonly handedOut: Uint8Array[]
}

const IV_LENGTH = 12
const PROVIDER = 'toy'
const utf8 = new TextEncoder()

/** A real if simple keyring: AES-GCM under a key made from its name, bound to the encryption context. */
export function toyKeyring({ name = 'toy-1', copies = 1, gate }: ToyOptions = {}): ToyKeyring {
  const keyInfo = utf8.encode(name)
  const sealing = (async () => engine.aesGcm(await engine.hash('sha256', keyInfo)))()
  const wrapped: WrapRequest[] = []
  const unwrapped: UnwrapRequest[] = []
  const handedOut: Uint8Array[] = []

  const seal = async (dataKey: Uint8Array, aad: Uint8Array): Promise<EncryptedDataKey> => {
    const iv = engine.random(IV_LENGTH)
    const sealed = await (await sealing).seal(iv, dataKey, aad)
    return { providerId: PROVIDER, keyInfo, ciphertext: Uint8Array.of(...iv, ...sealed) }
  }
  const open = async ({ ciphertext }: EncryptedDataKey, aad: Uint8Array): Promise<Uint8Array | null> =>
    ciphertext.length < IV_LENGTH
      ? null
      : (await sealing).open(ciphertext.subarray(0, IV_LENGTH), ciphertext.subarray(IV_LENGTH), aad)

  return {
    name,
    wrapped,
    unwrapped,
    handedOut,
    async wrapDataKey(request) {
      wrapped.push(request)
      const dataKey = request.dataKey ?? engine.random(request.suite.dataKeyLength)
      const aad = encodeEncryptionContext(request.encryptionContext)
      const encryptedDataKeys = await Promise.all(Array.from({ length: copies }, () => seal(dataKey, aad)))
      handedOut.push(dataKey)
      await gate
      return { dataKey, encryptedDataKeys }
    },
    async unwrapDataKey(request) {
      unwrapped.push(request)
      const aad = encodeEncryptionContext(request.encryptionContext)
      for (const encryptedDataKey of request.encryptedDataKeys) {
        const ours = encryptedDataKey.providerId === PROVIDER && Buffer.compare(encryptedDataKey.keyInfo, keyInfo) === 0
        const dataKey = ours ? await open(encryptedDataKey, aad) : null
        if (dataKey !== null) {
          handedOut.push(dataKey)
          await gate
          return { dataKey, encryptedDataKey }
        }
        request.passedOver(encryptedDataKey, ours ? 'does not open' : 'of another key')
      }
      return null
    },
  }
}
