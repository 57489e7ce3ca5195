import { constants, createHash, createHmac, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import type { Engine } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'

/**
 * The node engine with a PKCS #1 v1.5 decryption that any Node can do, so that both kinds of platform are tested on all:
 * one that says whether the padding was wrong, and one that answers a random message in its place (as OpenSSL 3.2 does).
 * For tests only: its timing tells what its answers hide.
 */
export function pkcs1Engine(rejection: 'explicit' | 'implicit', onDecrypt: () => void = () => undefined): Engine {
  return {
    ...nodeEngine,
    name: `node, ${rejection} rejection`,
    rsaDecryptPaddings: nodeEngine.rsaEncryptPaddings,
    importRsaPrivateKey: (input) => {
      const { modulusLength } = nodeEngine.importRsaPrivateKey(input)
      const key = createPrivateKey(input as string)
      return {
        modulusLength,
        decrypt: (_padding, ciphertext) => {
          onDecrypt()
          const padded = raised(key, ciphertext)
          return unpadded(padded) ?? (rejection === 'implicit' ? synthetic(ciphertext, modulusLength) : null)
        },
      }
    },
  }
}

/** Nothing where the ciphertext is no number below the modulus, as that of another key may be. */
function raised(key: KeyObject, ciphertext: Uint8Array): Uint8Array {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, ciphertext)
  } catch {
    return new Uint8Array(0)
  }
}

/** RFC 8017 §7.2.2, step 3. */
function unpadded(padded: Uint8Array): Uint8Array | null {
  const end = padded.indexOf(0, 2)
  return padded[0] === 0 && padded[1] === 2 && end >= 10 ? Uint8Array.from(padded.subarray(end + 1)) : null
}

/** Of a length and content that depend on the ciphertext alone. */
export function synthetic(ciphertext: Uint8Array, modulusLength: number): Uint8Array {
  const length = createHash('sha256').update(ciphertext).digest().readUInt16BE() % (modulusLength - 10)
  const blocks = Array.from({ length: 8 }, (_, index) => createHmac('sha256', ciphertext).update(`${index}`).digest())
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, length))
}
