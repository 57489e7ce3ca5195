import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type DecipherGCM,
  type KeyObject,
} from 'node:crypto'
import { type FrameBatch, IV_LENGTH, TAG_LENGTH } from '../../engine.ts'
import { checkFrameBatch, writeCounter } from '../frame-batch.ts'
import { checkAesKey, checkIv } from '../lengths.ts'
import { plain } from './bytes.ts'
import { release } from './release.ts'
import type { SyncAesGcm } from './sync-engine.ts'

const NOTHING = Buffer.alloc(0)
const OPTIONS = { authTagLength: TAG_LENGTH }
const CIPHERS: Readonly<Record<number, CipherGCMTypes>> = { 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' }

/** AES-GCM by OpenSSL. The key becomes a KeyObject once: a raw key would be read anew, and slowly, for every frame. */
export function aesGcm(key: Uint8Array): SyncAesGcm {
  checkAesKey(key)
  const cipher = CIPHERS[key.length] ?? 'aes-256-gcm'
  requireCipher(cipher)
  const secret = createSecretKey(key)
  return {
    seal: (iv, plaintext, aad) => seal(cipher, secret, iv, plaintext, aad),
    open: (iv, sealed, aad) => open(cipher, secret, iv, sealed, aad),
    sealFrames: (batch) => sealFrames(cipher, secret, batch),
    openFrames: (batch) => openFrames(cipher, secret, batch),
  }
}

const known = new Set<CipherGCMTypes>()

/** Some runtimes that pass for Node lack AES-192-GCM. Throws their own error before anything is sealed. */
function requireCipher(name: CipherGCMTypes): void {
  if (known.has(name)) return
  createCipheriv(name, Buffer.alloc(Number(name.slice(4, 7)) / 8), Buffer.alloc(IV_LENGTH), OPTIONS)
  known.add(name)
}

function seal(
  name: CipherGCMTypes,
  key: KeyObject,
  iv: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
): Uint8Array {
  checkIv(iv)
  const cipher = createCipheriv(name, key, iv, OPTIONS)
  cipher.setAAD(aad)
  const sealed = new Uint8Array(plaintext.length + TAG_LENGTH)
  if (plaintext.length > 0) {
    const content = cipher.update(plaintext)
    sealed.set(content)
    release(content)
  }
  cipher.final()
  sealed.set(cipher.getAuthTag(), plaintext.length)
  return sealed
}

function open(
  name: CipherGCMTypes,
  key: KeyObject,
  iv: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Uint8Array<ArrayBuffer> | null {
  checkIv(iv)
  const contentLength = sealed.length - TAG_LENGTH
  if (contentLength < 0) return null
  const decipher = createDecipheriv(name, key, iv, OPTIONS)
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(contentLength))
  const content = contentLength === 0 ? NOTHING : decipher.update(sealed.subarray(0, contentLength))
  if (verifies(decipher)) return plain(content)
  content.fill(0)
  return null
}

function sealFrames(name: CipherGCMTypes, key: KeyObject, batch: FrameBatch): void {
  checkFrameBatch(batch)
  const { count, contentLength, records, recordStride, ivOffset, contentOffset, plaintext, aad } = batch
  for (let i = 0; i < count; i++) {
    const record = i * recordStride
    const content = record + contentOffset
    writeCounter(aad, batch.aadCounterOffset, batch.firstCounter + i)
    const cipher = createCipheriv(
      name,
      key,
      records.subarray(record + ivOffset, record + ivOffset + IV_LENGTH),
      OPTIONS,
    )
    cipher.setAAD(aad)
    const sealed = cipher.update(plaintext.subarray(i * contentLength, (i + 1) * contentLength))
    records.set(sealed, content)
    release(sealed)
    cipher.final()
    records.set(cipher.getAuthTag(), content + contentLength)
  }
}

function openFrames(name: CipherGCMTypes, key: KeyObject, batch: FrameBatch): number {
  checkFrameBatch(batch)
  const { count, contentLength, records, recordStride, ivOffset, contentOffset, plaintext, aad } = batch
  for (let i = 0; i < count; i++) {
    const record = i * recordStride
    const content = record + contentOffset
    const tag = content + contentLength
    writeCounter(aad, batch.aadCounterOffset, batch.firstCounter + i)
    const iv = records.subarray(record + ivOffset, record + ivOffset + IV_LENGTH)
    const decipher = createDecipheriv(name, key, iv, OPTIONS)
    decipher.setAAD(aad)
    decipher.setAuthTag(records.subarray(tag, tag + TAG_LENGTH))
    const opened = decipher.update(records.subarray(content, tag))
    if (!verifies(decipher)) {
      opened.fill(0)
      plaintext.fill(0, i * contentLength, count * contentLength)
      return i
    }
    plaintext.set(opened, i * contentLength)
    release(opened)
  }
  return count
}

/** With key, vector and tag of the right lengths, `final` throws for one reason only: the tag does not verify. */
function verifies(decipher: DecipherGCM): boolean {
  try {
    decipher.final()
    return true
  } catch {
    return false
  }
}
