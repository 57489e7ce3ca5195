import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type BackingKeyRef, backingKeyIdOf } from '../../src/hsm/port.ts'
import { codeOf, flipped, freshHsm, KEY_A, KEY_B, newBackingKey, offsetView, type TestHsm, text } from './support.ts'

let hsm: TestHsm['hsm']
let ref: BackingKeyRef & { backingKeyId: string }

beforeAll(async () => {
  hsm = (await freshHsm()).hsm
  ref = await newBackingKey(hsm, KEY_A)
})

async function encrypt(plaintext: Uint8Array, encryptionContext: Record<string, string> = {}): Promise<Uint8Array> {
  return (await hsm.execute('encrypt', { ...ref, plaintext, encryptionContext })).ciphertextBlob
}

async function decrypt(ciphertextBlob: Uint8Array, encryptionContext: Record<string, string> = {}) {
  return (await hsm.execute('decrypt', { ...ref, ciphertextBlob, encryptionContext })).plaintext
}

describe('ciphertext blobs', () => {
  it('§9.4 every encryption has its own nonce and initialisation vector', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 100_000; i++) {
      const blob = await encrypt(Uint8Array.of(1))
      seen
        .add(Buffer.from(blob.subarray(38, 54)).toString('hex'))
        .add(Buffer.from(blob.subarray(108, 120)).toString('hex'))
    }
    expect(seen.size).toBe(200_000)
  }, 120_000)

  it('§9.4 decryption needs the token and the blob alone', async () => {
    const lengths = fc.integer({ min: 1, max: 4096 })
    const contexts = fc.dictionary(fc.string({ minLength: 1 }), fc.string())
    await fc.assert(
      fc.asyncProperty(lengths, contexts, async (length, context) => {
        const plaintext = new Uint8Array(length).fill(length)
        const blob = await encrypt(offsetView(plaintext), context)
        expect(blob.length).toBeLessThanOrEqual(6144)
        expect(await decrypt(offsetView(blob), { ...context })).toEqual(plaintext)
      }),
      { numRuns: 50 },
    )
  })

  it('§9.5 has the documented header: the id of the backing key, the nonce, and no name', async () => {
    const blob = Buffer.from(await encrypt(text('hello')))
    expect(blob.subarray(0, 37).toString('hex')).toBe(`0102020078${ref.backingKeyId}`)
    expect(blob[37]).toBe(1)
    expect(blob.readUInt32BE(54)).toBe(blob.length - 58)
    for (const name of Object.values(KEY_A)) expect(blob.includes(name)).toBe(false)
    expect(backingKeyIdOf(offsetView(blob))).toBe(ref.backingKeyId)
  })

  it('looks and measures as the blobs of AWS: AQICAH… and AQIDAH…, 184 bytes for a 32-byte data key', async () => {
    const encrypted = await encrypt(new Uint8Array(32))
    const { ciphertextBlob, plaintext } = await hsm.execute('generateDataKey', {
      ...ref,
      numberOfBytes: 32,
      encryptionContext: {},
    })
    expect([encrypted.length, ciphertextBlob.length, plaintext.length]).toEqual([184, 184, 32])
    expect(Buffer.from(encrypted).toString('base64')).toMatch(/^AQICAH/)
    expect(Buffer.from(ciphertextBlob).toString('base64')).toMatch(/^AQIDAH/)
    expect(await decrypt(ciphertextBlob)).toEqual(plaintext)
  })

  it.each([
    [1, 67],
    [35, 67],
    [36, 68],
    [228, 76],
    [229, 77],
    [4096, 77],
  ])('has for %i bytes of plaintext a frame of %i bytes, as documented', async (length, frame) => {
    const blob = Buffer.from(await encrypt(new Uint8Array(length)))
    expect(blob.length).toBe(58 + frame + 11 + length + 16)
    expect(blob.readUInt32BE(54)).toBe(blob.length - 58)
    const vectorAt = blob.indexOf(Buffer.from('040c', 'hex'), 58) + 2
    const beforeEnd = 58 + frame - vectorAt
    expect(beforeEnd).toBeGreaterThanOrEqual(17)
    expect(beforeEnd).toBeLessThanOrEqual(19)
  })

  it('§9.5 a blob with any one byte altered, cut off or added does not open', async () => {
    for (const length of [1, 32, 200]) {
      const blob = await encrypt(new Uint8Array(length).fill(9), { a: 'b' })
      const use = (altered: Uint8Array) => codeOf(decrypt(altered, { a: 'b' }))
      for (let at = 0; at < blob.length; at++) {
        expect(await use(flipped(blob, at)), `byte ${at}`).toBe('invalidCiphertext')
      }
      expect(await use(blob.subarray(1))).toBe('invalidCiphertext')
      expect(await use(blob.subarray(0, -1))).toBe('invalidCiphertext')
      expect(await use(Uint8Array.from([...blob, 0]))).toBe('invalidCiphertext')
    }
  })

  it('§9.5 a blob of another backing key does not open, though it is of the same KMS key', async () => {
    const blob = await encrypt(text('hello'))
    const newer = await newBackingKey(hsm, KEY_A)
    const other = await newBackingKey(hsm, KEY_B)
    for (const wrong of [newer, other]) {
      const call = hsm.execute('decrypt', { ...wrong, ciphertextBlob: blob, encryptionContext: {} })
      expect(await codeOf(call)).toBe('invalidCiphertext')
    }
  })

  it('tells no backing key of bytes that are no blob', () => {
    expect(backingKeyIdOf(new Uint8Array(0))).toBe(null)
    expect(backingKeyIdOf(new Uint8Array(184))).toBe(null)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => backingKeyIdOf(bytes) === null))
  })

  it.each([0, 4097])('§9.8 refuses a plaintext of %i bytes', async (length) => {
    expect(await codeOf(encrypt(new Uint8Array(length)))).toBe('invalidParameter')
  })

  it.each([0, 1025, 1.5, Number.NaN])('refuses a data key and random bytes of %d bytes', async (numberOfBytes) => {
    const parameters = { ...ref, numberOfBytes, encryptionContext: {} }
    expect(await codeOf(hsm.execute('generateDataKey', parameters))).toBe('invalidParameter')
    expect(await codeOf(hsm.execute('generateDataKeyWithoutPlaintext', parameters))).toBe('invalidParameter')
    expect(await codeOf(hsm.execute('generateRandom', { numberOfBytes }))).toBe('invalidParameter')
  })

  it('answers a data key without plaintext that decrypts to as many bytes', async () => {
    const answer = await hsm.execute('generateDataKeyWithoutPlaintext', {
      ...ref,
      numberOfBytes: 77,
      encryptionContext: {},
    })
    expect(Object.keys(answer)).toEqual(['ciphertextBlob'])
    expect((await decrypt(answer.ciphertextBlob)).length).toBe(77)
  })

  it('answers random bytes, never the same', async () => {
    const one = await hsm.execute('generateRandom', { numberOfBytes: 1024 })
    const two = await hsm.execute('generateRandom', { numberOfBytes: 1024 })
    expect(one.bytes.length).toBe(1024)
    expect(two.bytes).not.toEqual(one.bytes)
  })

  it('§9.7 re-encryption answers a blob and nothing else, under the destination key and context', async () => {
    const destination = await newBackingKey(hsm, KEY_B)
    const ciphertextBlob = await encrypt(text('moved'), { from: 'a' })
    const moved = await hsm.execute('reEncrypt', {
      source: { ...ref, ciphertextBlob, encryptionContext: { from: 'a' } },
      destination: { ...destination, encryptionContext: { to: 'b' } },
    })
    expect(Object.keys(moved)).toEqual(['ciphertextBlob'])
    expect(backingKeyIdOf(moved.ciphertextBlob)).toBe(destination.backingKeyId)
    const opened = await hsm.execute('decrypt', { ...destination, ...moved, encryptionContext: { to: 'b' } })
    expect(opened.plaintext).toEqual(text('moved'))
    const wrongSource = hsm.execute('reEncrypt', {
      source: { ...ref, ciphertextBlob, encryptionContext: {} },
      destination: { ...destination, encryptionContext: {} },
    })
    expect(await codeOf(wrongSource)).toBe('invalidCiphertext')
  })
})
