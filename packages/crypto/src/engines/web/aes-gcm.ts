import { type AesGcm, type FrameBatch, IV_LENGTH, TAG_LENGTH } from '../../engine.ts'
import { checkFrameBatch, writeCounter } from '../frame-batch.ts'
import { checkAesKey, checkIv } from '../lengths.ts'
import { orNull, source, subtle } from './subtle.ts'

/** Frames under way at once: enough to hide the hop to another thread, few enough to bound what is held. */
const MOST_FRAMES = 32
const MOST_BYTES = 4 * 1024 * 1024

/** AES-GCM by WebCrypto. Chromium has no AES-192 there; that one is done in JavaScript. */
export async function aesGcm(key: Uint8Array): Promise<AesGcm> {
  checkAesKey(key)
  if (key.length === 24) return aes192Gcm(key.slice())
  return webAesGcm(await importKey(key))
}

async function aes192Gcm(key: Uint8Array): Promise<AesGcm> {
  const secret = await importKey(key).catch(() => null)
  const made = secret === null ? (await import('../noble/aes-gcm.ts')).aesGcm(key) : webAesGcm(secret)
  key.fill(0)
  return made
}

async function importKey(key: Uint8Array): Promise<CryptoKey> {
  return subtle().importKey('raw', source(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

function webAesGcm(secret: CryptoKey): AesGcm {
  return {
    seal: async (iv, plaintext, aad) => {
      checkIv(iv)
      return new Uint8Array(await subtle().encrypt(parameters(iv, aad), secret, source(plaintext)))
    },
    open: async (iv, sealed, aad) => {
      checkIv(iv)
      return open(secret, iv, sealed, aad)
    },
    sealFrames: (batch) => sealFrames(secret, batch),
    openFrames: (batch) => openFrames(secret, batch),
  }
}

function parameters(iv: Uint8Array, aad: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: source(iv), additionalData: source(aad), tagLength: TAG_LENGTH * 8 }
}

async function open(
  key: CryptoKey,
  iv: Uint8Array,
  sealed: Uint8Array,
  aad: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < TAG_LENGTH) return null
  return orNull(subtle().decrypt(parameters(iv, aad), key, source(sealed)))
}

async function sealFrames(key: CryptoKey, batch: FrameBatch): Promise<void> {
  checkFrameBatch(batch)
  const { count, contentLength, records, recordStride, ivOffset, contentOffset, plaintext } = batch
  await inWindows(batch, async (first, end) => {
    const sealed = await Promise.all(
      range(first, end).map(async (i) => {
        const iv = records.subarray(i * recordStride + ivOffset, i * recordStride + ivOffset + IV_LENGTH)
        const content = plaintext.subarray(i * contentLength, (i + 1) * contentLength)
        // The caller can resize or detach the buffer while an earlier window is under way.
        if (content.length !== contentLength)
          throw new TypeError('plaintext must keep its bytes until the call is over')
        return subtle().encrypt(parameters(iv, frameAad(batch, i)), key, source(content))
      }),
    )
    sealed.forEach((bytes, i) => {
      records.set(new Uint8Array(bytes), (first + i) * recordStride + contentOffset)
    })
    return count
  })
}

async function openFrames(key: CryptoKey, batch: FrameBatch): Promise<number> {
  checkFrameBatch(batch)
  const { count, contentLength, plaintext } = batch
  const verified = await inWindows(batch, async (first, end) => {
    const opened = await Promise.all(range(first, end).map(async (i) => openFrame(key, batch, i)))
    const failed = opened.indexOf(null)
    const leading = failed === -1 ? opened : opened.slice(0, failed)
    leading.forEach((bytes, i) => {
      if (bytes !== null) plaintext.set(bytes, (first + i) * contentLength)
    })
    return failed === -1 ? count : first + failed
  })
  plaintext.fill(0, verified * contentLength, count * contentLength)
  return verified
}

async function openFrame(key: CryptoKey, batch: FrameBatch, i: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const record = batch.records.subarray(i * batch.recordStride)
  const { ivOffset, contentOffset, contentLength } = batch
  const sealed = record.subarray(contentOffset, contentOffset + contentLength + TAG_LENGTH)
  return open(key, record.subarray(ivOffset, ivOffset + IV_LENGTH), sealed, frameAad(batch, i))
}

/** Each frame under way has its own additional data; the caller's array ends with the last counter, as on every engine. */
function frameAad(batch: FrameBatch, i: number): Uint8Array {
  writeCounter(batch.aad, batch.aadCounterOffset, batch.firstCounter + i)
  return batch.aad.slice()
}

/** Runs windows of frames one after another, until one answers a frame before `count`. Answers that frame, or `count`. */
async function inWindows(
  { count, contentLength }: FrameBatch,
  run: (first: number, end: number) => Promise<number>,
): Promise<number> {
  const size = Math.max(1, Math.min(MOST_FRAMES, Math.floor(MOST_BYTES / Math.max(1, contentLength))))
  for (let first = 0; first < count; first += size) {
    const reached = await run(first, Math.min(first + size, count))
    if (reached < count) return reached
  }
  return count
}

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i)
}
