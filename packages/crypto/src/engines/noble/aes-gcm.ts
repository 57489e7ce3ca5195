import { gcm } from '@noble/ciphers/aes.js'
import { type AesGcm, type FrameBatch, IV_LENGTH, TAG_LENGTH } from '../../engine.ts'
import { checkFrameBatch, writeCounter } from '../frame-batch.ts'
import { checkAesKey, checkIv } from '../lengths.ts'

/** AES-GCM in JavaScript. */
export function aesGcm(key: Uint8Array): AesGcm {
  checkAesKey(key)
  const secret = key.slice()
  return {
    seal: (iv, plaintext, aad) => {
      checkIv(iv)
      return gcm(secret, iv, aad).encrypt(plaintext)
    },
    open: (iv, sealed, aad) => {
      checkIv(iv)
      return open(secret, iv, sealed, aad)
    },
    sealFrames: (batch) => sealFrames(secret, batch),
    openFrames: (batch) => openFrames(secret, batch),
  }
}

/** With key and iv of the right lengths, `decrypt` throws for one reason only: the tag does not verify. */
function open(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (sealed.length < TAG_LENGTH) return null
  const cipher = gcm(key, iv, aad)
  try {
    // A fresh array of its own; the types of noble do not say so.
    return cipher.decrypt(sealed) as Uint8Array<ArrayBuffer>
  } catch {
    return null
  }
}

function sealFrames(key: Uint8Array, batch: FrameBatch): void {
  checkFrameBatch(batch)
  const { count, contentLength, records, recordStride, ivOffset, contentOffset, plaintext, aad } = batch
  for (let i = 0; i < count; i++) {
    const record = records.subarray(i * recordStride)
    writeCounter(aad, batch.aadCounterOffset, batch.firstCounter + i)
    const content = plaintext.subarray(i * contentLength, (i + 1) * contentLength)
    record.set(gcm(key, record.subarray(ivOffset, ivOffset + IV_LENGTH), aad).encrypt(content), contentOffset)
  }
}

function openFrames(key: Uint8Array, batch: FrameBatch): number {
  checkFrameBatch(batch)
  const { count, contentLength, records, recordStride, ivOffset, contentOffset, plaintext, aad } = batch
  for (let i = 0; i < count; i++) {
    const record = records.subarray(i * recordStride)
    writeCounter(aad, batch.aadCounterOffset, batch.firstCounter + i)
    const sealed = record.subarray(contentOffset, contentOffset + contentLength + TAG_LENGTH)
    const opened = open(key, record.subarray(ivOffset, ivOffset + IV_LENGTH), sealed, aad)
    if (opened === null) {
      plaintext.fill(0, i * contentLength, count * contentLength)
      return i
    }
    plaintext.set(opened, i * contentLength)
  }
  return count
}
