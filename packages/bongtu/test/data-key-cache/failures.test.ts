import { randomBytes } from 'node:crypto'
import { dataKeyCache, decrypt, encrypt, type Keyring } from 'bongtu'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rejectionCode } from './support/errors.ts'
import { byCallers, countedKms } from './support/kms.ts'

const limits = { capacity: 10, maxAge: 60 * 60 * 1000 }
const plaintext = Uint8Array.of(1, 2, 3)
const UNSIGNED = { algorithmSuite: 0x0478 }

/** As the keyring, with other answers for the first so many times. */
function atFirst(
  keyring: Keyring,
  times: number,
  answers: {
    readonly wrap?: (dataKey: Uint8Array) => Uint8Array
    readonly unwrap?: (dataKey: Uint8Array) => Uint8Array
  },
): Keyring {
  let [wraps, unwraps] = [times, times]
  return {
    name: 'faulty',
    async wrapDataKey(request) {
      const answer = await keyring.wrapDataKey(request)
      return wraps-- > 0 && answers.wrap ? { ...answer, dataKey: answers.wrap(answer.dataKey) } : answer
    },
    async unwrapDataKey(request) {
      const answer = await keyring.unwrapDataKey(request)
      if (answer === null || unwraps-- <= 0 || !answers.unwrap) return answer
      return { ...answer, dataKey: answers.unwrap(answer.dataKey) }
    },
  }
}

describe('a KMS that fails half-way', () => {
  it('fails those who wait for this call, once, and nothing is kept of it', async () => {
    const { kms, keyring, calls } = await countedKms()
    const cache = dataKeyCache({ ...limits, maxMessages: 10 })
    const options = { ...UNSIGNED, keyring, cache }
    await byCallers(10, 30, () => encrypt(plaintext, options))
    kms.faults.add({ operation: 'GenerateDataKey', kind: 'error', code: 'KMSInternalException', times: 1 })
    const during = await Promise.allSettled(Array.from({ length: 10 }, () => encrypt(plaintext, options)))
    expect(during.map(({ status }) => status)).toEqual(Array(10).fill('rejected'))
    expect(
      await Promise.all(during.map((each) => rejectionCode(Promise.reject('reason' in each && each.reason)))),
    ).toEqual(Array(10).fill('ERR_KEYRING'))
    expect(calls('GenerateDataKey')).toBe(4)
    expect(cache.stats()).toMatchObject({ entries: 0, failures: 1 })
    const after = await byCallers(10, 30, () => encrypt(plaintext, options))
    expect(calls('GenerateDataKey')).toBe(7)
    for (const { ciphertext } of after)
      expect((await decrypt(ciphertext, { keyring, cache })).plaintext).toEqual(plaintext)
  })

  it('fails a decryption once, and the next one opens', async () => {
    const { kms, keyring, calls } = await countedKms()
    const cache = dataKeyCache(limits)
    const { ciphertext } = await encrypt(plaintext, { keyring })
    kms.faults.add({ operation: 'Decrypt', kind: 'error', times: 1 })
    const attempts = Array.from({ length: 5 }, () => rejectionCode(decrypt(ciphertext, { keyring, cache })))
    expect(await Promise.all(attempts)).toEqual(Array(5).fill('ERR_NO_KEY'))
    expect((await decrypt(ciphertext, { keyring, cache })).plaintext).toEqual(plaintext)
    expect(calls('Decrypt')).toBe(2)
  })
})

describe('a KMS that hangs half-way', () => {
  afterEach(() => void vi.useRealTimers())

  it('keeps nobody from leaving, and serves who stayed once it answers', async () => {
    const { kms, keyring, calls } = await countedKms()
    const cache = dataKeyCache(limits)
    kms.faults.add({ operation: 'GenerateDataKey', kind: 'timeout', times: 1 })
    const leaving = new AbortController()
    const left = encrypt(plaintext, { keyring, cache, signal: leaving.signal })
    const stayed = encrypt(plaintext, { keyring, cache })
    await vi.waitFor(() => expect(kms.faults.list()).toEqual([]))
    leaving.abort(new Error('I cannot wait'))
    await expect(left).rejects.toThrow('I cannot wait')
    kms.faults.clear()
    const { ciphertext } = await stayed
    expect((await decrypt(ciphertext, { keyring, cache })).plaintext).toEqual(plaintext)
    expect((await encrypt(plaintext, { keyring, cache })).dataKeyCached).toBe(true)
    expect(calls('GenerateDataKey')).toBe(1)
  })

  it('holds up one caller: the others are served by a second call after ten seconds', async () => {
    const { kms, keyring } = await countedKms()
    const cache = dataKeyCache(limits)
    kms.faults.add({ operation: 'GenerateDataKey', kind: 'timeout', times: 1 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const leaving = new AbortController()
    const hung = encrypt(plaintext, { ...UNSIGNED, keyring, cache, signal: leaving.signal })
    const others = Array.from({ length: 20 }, () => encrypt(plaintext, { ...UNSIGNED, keyring, cache }))
    await vi.waitFor(() => expect(kms.faults.list()).toEqual([]))
    await vi.advanceTimersByTimeAsync(10_000)
    expect((await Promise.all(others)).filter(({ dataKeyCached }) => !dataKeyCached)).toHaveLength(1)
    expect(cache.stats()).toMatchObject({ entries: 1, misses: 2 })
    leaving.abort(new Error('I cannot wait'))
    await expect(hung).rejects.toThrow('I cannot wait')
    expect((await encrypt(plaintext, { ...UNSIGNED, keyring, cache })).dataKeyCached).toBe(true)
  })
})

describe('an answer with a fault is not kept', () => {
  it('on encryption: a data key of a wrong length', async () => {
    const { keyring } = await countedKms()
    const options = {
      keyring: atFirst(keyring, 1, { wrap: (dataKey) => dataKey.slice(1) }),
      cache: dataKeyCache(limits),
    }
    expect(await rejectionCode(encrypt(plaintext, options))).toBe('ERR_KEYRING')
    const { ciphertext } = await encrypt(plaintext, options)
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(plaintext)
  })

  it('on decryption: a data key of a wrong length', async () => {
    const { keyring } = await countedKms()
    const { ciphertext } = await encrypt(plaintext, { keyring })
    const options = {
      keyring: atFirst(keyring, 1, { unwrap: (dataKey) => dataKey.slice(1) }),
      cache: dataKeyCache(limits),
    }
    expect(await rejectionCode(decrypt(ciphertext, options))).toBe('ERR_NO_KEY')
    expect((await decrypt(ciphertext, options)).plaintext).toEqual(plaintext)
  })

  it('on decryption: another data key', async () => {
    const { keyring } = await countedKms()
    const { ciphertext } = await encrypt(plaintext, { keyring })
    const options = { keyring: atFirst(keyring, 1, { unwrap: () => randomBytes(32) }), cache: dataKeyCache(limits) }
    expect(await rejectionCode(decrypt(ciphertext, options))).toBe('ERR_AUTHENTICATION')
    expect((await decrypt(ciphertext, options)).plaintext).toEqual(plaintext)
    expect(options.cache.stats().evictions['not authentic']).toBe(1)
  })

  it('and a forged message does not drive out what an authentic one brought', async () => {
    const { keyring, calls } = await countedKms()
    const cache = dataKeyCache(limits)
    const { ciphertext } = await encrypt(plaintext, { ...UNSIGNED, keyring })
    const forged = ciphertext.slice()
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    await decrypt(ciphertext, { keyring, cache })
    expect(await rejectionCode(decrypt(forged, { keyring, cache }))).toBe('ERR_AUTHENTICATION')
    expect((await decrypt(ciphertext, { keyring, cache })).dataKeyCached).toBe(true)
    expect(calls('Decrypt')).toBe(1)
  })
})

it('a keyring that answers Buffers, and a caller who writes to headers, change nothing that is kept', async () => {
  const { keyring } = await countedKms()
  const buffers = atFirst(keyring, Infinity, { wrap: (key) => Buffer.from(key), unwrap: (key) => Buffer.from(key) })
  const cache = dataKeyCache(limits)
  for (let message = 0; message < 3; message++) {
    const { ciphertext, header } = await encrypt(plaintext, { keyring: buffers, cache })
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(plaintext)
    const opened = await decrypt(ciphertext, { keyring: buffers, cache })
    expect([opened.plaintext, opened.dataKeyCached]).toEqual([plaintext, message > 0])
    for (const { keyInfo, ciphertext: wrapped } of [...header.encryptedDataKeys, opened.encryptedDataKey]) {
      keyInfo.fill(0)
      wrapped.fill(0)
    }
  }
})
