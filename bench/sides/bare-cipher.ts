import { createCipheriv, createDecipheriv, createHash, createSecretKey, randomBytes } from 'node:crypto'

/** What nobody can go below: AES-GCM frame by frame from and into buffers, and for signed messages the hash of the result. */

const tagLength = 16
const key = createSecretKey(randomBytes(32))
const contentAad = Buffer.concat([randomBytes(32), Buffer.from('AWSKMSEncryptionClient Frame'), Buffer.alloc(12)])

export interface BareCipher {
  readonly encrypt: () => void
  readonly decrypt: () => void
}

/** Over `total` bytes in chunks of `chunkLength`, both in whole frames. */
export const bareCipher = (chunk: Uint8Array, total: number, frameLength: number, signed: boolean): BareCipher => {
  const frame = Math.min(frameLength, chunk.length)
  const framesInChunk = chunk.length / frame
  const sealed = new Uint8Array(framesInChunk * (4 + 12 + frame + tagLength))
  const opened = new Uint8Array(chunk.length)
  const rounds = total / chunk.length
  const iv = new Uint8Array(12)

  const seal = (): void => {
    for (let index = 0, at = 0; index < framesInChunk; index++) {
      new DataView(sealed.buffer).setUint32(at, index)
      sealed.set(iv, at + 4)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(contentAad)
      sealed.set(cipher.update(chunk.subarray(index * frame, (index + 1) * frame)), at + 16)
      cipher.final()
      sealed.set(cipher.getAuthTag(), at + 16 + frame)
      at += 16 + frame + tagLength
    }
  }
  const open = (): void => {
    for (let index = 0, at = 0; index < framesInChunk; index++) {
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength }).setAAD(contentAad)
      decipher.setAuthTag(sealed.subarray(at + 16 + frame, at + 16 + frame + tagLength))
      opened.set(decipher.update(sealed.subarray(at + 16, at + 16 + frame)), index * frame)
      decipher.final()
      at += 16 + frame + tagLength
    }
  }
  const repeat = (work: () => void): void => {
    const hash = createHash('sha384')
    for (let round = 0; round < rounds; round++) {
      work()
      if (signed) hash.update(sealed)
    }
    hash.digest()
  }

  seal()
  return { encrypt: () => repeat(seal), decrypt: () => repeat(open) }
}
