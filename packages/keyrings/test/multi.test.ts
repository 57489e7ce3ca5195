import { decrypt, encrypt, type Keyring, type UnwrapRequest, type WrapRequest } from '@bongtu/client'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { BongtuError, type EncryptedDataKey } from '@bongtu/message-format'
import { describe, expect, it, vi } from 'vitest'
import { ask, CONTEXT, SUITE, wrapOne } from './asking.ts'
import { countingKey, rsaPair } from './keys.ts'

const aes = (name: string): Keyring => rawAes({ namespace: 'multi', name, key: countingKey(32, name.charCodeAt(0)) })
const [a, b, c] = [aes('a'), aes('b'), aes('c')]
const request: WrapRequest = { suite: SUITE, encryptionContext: CONTEXT }

const edk = (providerId: string): EncryptedDataKey => ({
  providerId,
  keyInfo: Uint8Array.of(1),
  ciphertext: Uint8Array.of(2),
})

/** A keyring of two functions of the test's own. */
function stub(name: string, parts: Partial<Keyring>): Keyring {
  const refuse = (): never => {
    throw new Error(`${name} was asked`)
  }
  return { name, wrapDataKey: refuse, unwrapDataKey: refuse, ...parts }
}

const wrapsWith = (name: string, answer: (asked: WrapRequest) => Uint8Array, keys = [edk(name)]): Keyring =>
  stub(name, { wrapDataKey: async (asked) => ({ dataKey: answer(asked), encryptedDataKeys: keys }) })

/** Hands out one data key, kept to see what becomes of it. */
function generatorOf(dataKey: Uint8Array): Keyring {
  return wrapsWith('generator', () => dataKey)
}

const given = ({ dataKey }: WrapRequest): Uint8Array => {
  if (dataKey === undefined) throw new Error('no data key was given')
  return dataKey
}

const aborting = () => ({ controller: new AbortController(), reason: new Error('enough') })

const keyringError = (message: RegExp) => (error: unknown) =>
  BongtuError.is(error, 'ERR_KEYRING') && message.test(error.message)

describe('multi, its members', () => {
  it('are at least one keyring', () => {
    expect(() => multi({})).toThrow(TypeError)
    expect(() => multi({ children: [] })).toThrow(/give a generator, children, or both/)
  })

  it('are keyrings, in an array', () => {
    expect(() => multi({ generator: {} as Keyring })).toThrow(/generator is no keyring/)
    expect(() => multi({ generator: null as never })).toThrow(TypeError)
    expect(() => multi({ children: [a, { wrapDataKey: a.wrapDataKey } as Keyring] })).toThrow(
      /children\[1\] is no keyring/,
    )
    expect(() => multi({ children: [undefined] as never })).toThrow(/children\[0\] is no keyring/)
    expect(() => multi({ children: a as never })).toThrow(/array of keyrings/)
  })

  it('stand in no other option', () => {
    expect(() => multi({ generator: a, keyrings: [b] } as never)).toThrow(/has no option keyrings.*generator, children/)
    expect(() => multi([a, b] as never)).toThrow(TypeError)
  })

  it('are those at construction, whatever becomes of the array', async () => {
    const children = [b]
    const keyring = multi({ generator: a, children })
    children.push(c)
    expect((await keyring.wrapDataKey(request)).encryptedDataKeys).toHaveLength(2)
  })

  it('name it', () => {
    const { name: _, ...nameless } = c
    const keyring = multi({ generator: a, children: [b, nameless] })
    expect(keyring.name).toBe('multi(raw-aes:multi/a, raw-aes:multi/b, children[1])')
    expect(Object.isFrozen(keyring)).toBe(true)
  })
})

describe('multi, encrypting', () => {
  it('asks the generator for a data key, then the children in order to wrap it', async () => {
    const asked: unknown[] = []
    const dataKey = countingKey(32)
    const note = (name: string) =>
      wrapsWith(name, (each) => {
        asked.push([name, each.dataKey === undefined ? 'generate' : [...each.dataKey], each.encryptionContext])
        return each.dataKey ?? dataKey
      })
    const keyring = multi({ generator: note('g'), children: [note('x'), note('y')] })
    const wrapped = await keyring.wrapDataKey(request)
    expect(asked).toEqual([
      ['g', 'generate', CONTEXT],
      ['x', [...dataKey], CONTEXT],
      ['y', [...dataKey], CONTEXT],
    ])
    expect(wrapped.dataKey).toBe(dataKey)
    expect(wrapped.encryptedDataKeys.map(({ providerId }) => providerId)).toEqual(['g', 'x', 'y'])
  })

  it('gives messages that each member opens alone', async () => {
    const pair = rsaPair()
    const rsa = rawRsa({ namespace: 'multi', name: 'rsa', padding: 'oaep-sha512', ...pair })
    const plaintext = new TextEncoder().encode('to all of them')
    const { ciphertext } = await encrypt(plaintext, { keyring: multi({ generator: a, children: [rsa, b] }) })
    for (const keyring of [a, b, rsa]) expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(plaintext)
    await expect(decrypt(ciphertext, { keyring: c })).rejects.toSatisfy((error) => BongtuError.is(error, 'ERR_NO_KEY'))
  })

  it('refuses to generate without a generator, and to wrap a given data key with one', async () => {
    await expect(multi({ children: [a, b] }).wrapDataKey(request)).rejects.toSatisfy(keyringError(/name a generator/))
    const wrapping = multi({ generator: a }).wrapDataKey({ ...request, dataKey: countingKey(32) })
    await expect(wrapping).rejects.toSatisfy(keyringError(/does not wrap a data key that another keyring made/))
  })

  it('nests: one with a generator as the generator, one without as a child', async () => {
    const keyring = multi({ generator: multi({ generator: a, children: [b] }), children: [multi({ children: [c] })] })
    const { dataKey, encryptedDataKeys } = await keyring.wrapDataKey(request)
    expect(encryptedDataKeys).toHaveLength(3)
    for (const member of [a, b, c]) expect((await ask(member, encryptedDataKeys)).opened?.dataKey).toEqual(dataKey)
    const nested = multi({ generator: a, children: [multi({ generator: b })] })
    await expect(nested.wrapDataKey(request)).rejects.toSatisfy(keyringError(/make it the generator there/))
  })

  it('fails where any member fails, with the cause and its name, asks no further, and zeroes the data key', async () => {
    const cause = new Error('device gone')
    const failing = stub('hsm', { wrapDataKey: async () => Promise.reject(cause) })
    const dataKey = countingKey(32)
    const wrapping = multi({ generator: generatorOf(dataKey), children: [a, failing, stub('last', {})] }).wrapDataKey(
      request,
    )
    await expect(wrapping).rejects.toSatisfy(keyringError(/^hsm did not wrap the data key: device gone$/))
    await expect(wrapping).rejects.toMatchObject({ cause })
    expect(dataKey).toEqual(new Uint8Array(32))
    await expect(multi({ generator: failing, children: [a] }).wrapDataKey(request)).rejects.toMatchObject({ cause })
  })

  it('passes on as it is an error that says what is wrong already', async () => {
    const error = new BongtuError('ERR_UNSUPPORTED', 'no signed suites')
    const failing = stub('rsa', { wrapDataKey: async () => Promise.reject(error) })
    await expect(multi({ generator: a, children: [failing] }).wrapDataKey(request)).rejects.toBe(error)
  })

  it('names the member at fault whatever it threw: a network that is down is a TypeError', async () => {
    for (const cause of [new TypeError('fetch failed'), new RangeError('too long')]) {
      const vault = stub('vault', { wrapDataKey: async () => Promise.reject(cause) })
      const encrypting = encrypt(new Uint8Array(1), { keyring: multi({ generator: a, children: [vault, b] }) })
      await expect(encrypting).rejects.toSatisfy(
        keyringError(/^vault did not wrap the data key: (fetch failed|too long)$/),
      )
      await expect(encrypting).rejects.toMatchObject({ cause })
    }
  })

  it('leaves a data key that it was given to whoever gave it, also on failure', async () => {
    const dataKey = countingKey(32)
    const wrapping = multi({ children: [a, stub('broken', {})] }).wrapDataKey({ ...request, dataKey })
    await expect(wrapping).rejects.toSatisfy(keyringError(/broken was asked/))
    expect(dataKey).toEqual(countingKey(32))
  })

  it('refuses a generator that answers another length, or nothing wrapped, and zeroes what it answered', async () => {
    const short = countingKey(16)
    await expect(multi({ generator: generatorOf(short) }).wrapDataKey(request)).rejects.toSatisfy(
      keyringError(/generated a data key of 16 bytes, and the suite takes 32/),
    )
    expect(short).toEqual(new Uint8Array(16))
    const unwrapped = countingKey(32)
    const none = multi({ generator: wrapsWith('generator', () => unwrapped, []) })
    await expect(none.wrapDataKey(request)).rejects.toSatisfy(keyringError(/answered no encrypted data key/))
    expect(unwrapped).toEqual(new Uint8Array(32))
  })

  it.each([
    ['answers another data key', () => countingKey(32, 9)],
    ['answers a shorter data key', (asked: WrapRequest) => given(asked).subarray(1)],
    ['alters the one it was given', (asked: WrapRequest) => given(asked).fill(0)],
    [
      'alters the one it was given and answers a copy of the true one',
      (asked: WrapRequest) => {
        const copy = given(asked).slice()
        given(asked).fill(0)
        return copy
      },
    ],
  ])('refuses a child that %s', async (_, answer) => {
    const dataKey = countingKey(32)
    const keyring = multi({ generator: generatorOf(dataKey), children: [wrapsWith('child', answer), stub('last', {})] })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(keyringError(/^child answered another data key/))
    expect(dataKey).toEqual(new Uint8Array(32))
  })

  it('refuses a child that wraps nothing', async () => {
    const keyring = multi({ generator: a, children: [wrapsWith('idle', given, [])] })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(keyringError(/^idle answered no encrypted data key$/))
  })

  it('zeroes a copy of the data key that a child answers, and not the data key itself', async () => {
    const copies: Uint8Array[] = []
    const copying = wrapsWith('copying', (asked) => {
      const copy = Uint8Array.from(given(asked))
      copies.push(copy)
      return copy
    })
    const sameBytes = wrapsWith('viewing', (asked) => given(asked).subarray(0))
    const dataKey = countingKey(32)
    const keyring = multi({ generator: generatorOf(dataKey), children: [copying, sameBytes] })
    expect((await keyring.wrapDataKey(request)).dataKey).toEqual(countingKey(32))
    expect(copies).toEqual([new Uint8Array(32)])
  })

  it('zeroes the copy of the data key that it compares answers with, also on failure', async () => {
    const copies: Uint8Array[] = []
    const { slice } = Uint8Array.prototype
    vi.spyOn(Uint8Array.prototype, 'slice').mockImplementation(function (this: Uint8Array, start, end) {
      const copy = slice.call(this, start, end)
      if (Buffer.compare(copy, countingKey(32)) === 0) copies.push(copy)
      return copy
    })
    try {
      for (const child of [wrapsWith('child', given), stub('broken', {})]) {
        const keyring = multi({ generator: generatorOf(countingKey(32)), children: [child] })
        await keyring.wrapDataKey(request).catch(() => undefined)
      }
    } finally {
      vi.restoreAllMocks()
    }
    expect(copies).toEqual([new Uint8Array(32), new Uint8Array(32)])
  })

  it('asks no child once the signal is aborted, and rejects with its reason', async () => {
    const { controller, reason } = aborting()
    const dataKey = countingKey(32)
    const first = wrapsWith('first', (asked) => {
      controller.abort(reason)
      return given(asked)
    })
    const asked: string[] = []
    const last = wrapsWith('last', (each) => {
      asked.push('last')
      return given(each)
    })
    const keyring = multi({ generator: generatorOf(dataKey), children: [first, last] })
    await expect(keyring.wrapDataKey({ ...request, signal: controller.signal })).rejects.toBe(reason)
    expect(asked).toEqual([])
    expect(dataKey).toEqual(new Uint8Array(32))
  })

  it('rejects with the reason of the signal where a member fails of it', async () => {
    const { controller, reason } = aborting()
    const cutOff = stub('cut off', {
      wrapDataKey: async () => {
        controller.abort(reason)
        throw new Error('cut off')
      },
    })
    const wrapping = multi({ generator: cutOff }).wrapDataKey({ ...request, signal: controller.signal })
    await expect(wrapping).rejects.toBe(reason)
  })
})

describe('multi, decrypting', () => {
  it('asks the generator, then the children in order, each with the request as it came', async () => {
    const asked: [string, UnwrapRequest][] = []
    const silent = (name: string): Keyring =>
      stub(name, {
        unwrapDataKey: async (each) => {
          asked.push([name, each])
          return null
        },
      })
    const { signal } = new AbortController()
    const encryptedDataKeys = [edk('x'), edk('y')]
    const whole = { ...request, encryptedDataKeys, signal, passedOver: () => undefined }
    const keyring = multi({ generator: silent('g'), children: [silent('x'), silent('y')] })
    expect(await keyring.unwrapDataKey(whole)).toBeNull()
    expect(asked.map(([name]) => name)).toEqual(['g', 'x', 'y'])
    for (const [, { passedOver: _, ...rest }] of asked) {
      expect(rest).toEqual({ ...request, encryptedDataKeys, signal })
      expect(rest.encryptedDataKeys).toBe(encryptedDataKeys)
    }
  })

  it('answers with the first that opens, and asks no further', async () => {
    const { own, dataKey } = await wrapOne(b)
    const { opened, reports } = await ask(multi({ generator: a, children: [b, stub('last', {})] }), [own])
    expect(opened).toEqual({ dataKey, encryptedDataKey: own })
    expect(reports).toMatchObject([{ reason: 'other key name', keyring: 'raw-aes:multi/a' }])
  })

  it('reports each encrypted data key under the name of each keyring that passed it over, nested ones by their own', async () => {
    const { own } = await wrapOne(c)
    const keyring = multi({ generator: a, children: [multi({ children: [b, stub('hsm', {})] })] })
    const { opened, reports } = await ask(keyring, [own, edk('x')])
    expect(opened).toBeNull()
    expect(reports.map(({ keyring: name, reason }) => [name, reason])).toEqual([
      ['raw-aes:multi/a', 'other key name'],
      ['raw-aes:multi/a', 'other provider id'],
      ['raw-aes:multi/b', 'other key name'],
      ['raw-aes:multi/b', 'other provider id'],
      ['hsm', 'failed: hsm was asked'],
      ['hsm', 'failed: hsm was asked'],
    ])
  })

  it('takes a throw as a failure of what was not reported yet, and goes on', async () => {
    const { own, dataKey } = await wrapOne(b)
    const cause = new Error('denied')
    const first = edk('x')
    const half = stub('half', {
      unwrapDataKey: async ({ passedOver }) => {
        passedOver(first, 'filtered out')
        throw cause
      },
    })
    const { opened, reports } = await ask(multi({ generator: half, children: [b] }), [first, own])
    expect(opened?.dataKey).toEqual(dataKey)
    expect(reports).toMatchObject([
      { encryptedDataKey: first, reason: 'filtered out', keyring: 'half' },
      { encryptedDataKey: own, reason: 'failed: denied', cause, keyring: 'half' },
      { encryptedDataKey: first, reason: 'other provider id', keyring: 'raw-aes:multi/b' },
    ])
  })

  it('reports what a member passed over without a word, under its name', async () => {
    const { own } = await wrapOne(b)
    const half = stub('half', {
      unwrapDataKey: async ({ passedOver }) => {
        passedOver(own, 'filtered out')
        return null
      },
    })
    const silent = stub('silent', { unwrapDataKey: async () => null })
    const { opened, reports } = await ask(multi({ children: [half, silent] }), [own, edk('x')])
    expect(opened).toBeNull()
    expect(reports.map(({ keyring, reason }) => [keyring, reason])).toEqual([
      ['half', 'filtered out'],
      ['half', 'passed over without a reason'],
      ['silent', 'passed over without a reason'],
      ['silent', 'passed over without a reason'],
    ])
  })

  it('passes over an answer of another length than the suite takes, zeroes it, and goes on', async () => {
    const { own, dataKey } = await wrapOne(b)
    const short = countingKey(16)
    const wrong = stub('wrong', { unwrapDataKey: async () => ({ dataKey: short, encryptedDataKey: own }) })
    const { opened, reports } = await ask(multi({ generator: wrong, children: [b] }), [own])
    expect(opened?.dataKey).toEqual(dataKey)
    expect(reports).toMatchObject([{ reason: 'opened to 16 bytes, and the suite takes 32', keyring: 'wrong' }])
    expect(short).toEqual(new Uint8Array(16))
  })

  const abortingThen = (then: () => Promise<null>) => {
    const { controller, reason } = aborting()
    const member = stub('aborting', {
      unwrapDataKey: async () => {
        controller.abort(reason)
        return then()
      },
    })
    const whole = { ...request, encryptedDataKeys: [edk('x')], passedOver: () => undefined, signal: controller.signal }
    return { member, reason, whole }
  }

  it('asks no child once the signal is aborted, and rejects with its reason', async () => {
    const { member, reason, whole } = abortingThen(async () => null)
    const asked: string[] = []
    const last = stub('last', {
      unwrapDataKey: async () => {
        asked.push('last')
        return null
      },
    })
    await expect(multi({ generator: member, children: [last] }).unwrapDataKey(whole)).rejects.toBe(reason)
    expect(asked).toEqual([])
  })

  it('rejects with the reason of the signal where a member fails of it', async () => {
    const { member, reason, whole } = abortingThen(async () => Promise.reject(new Error('cut off')))
    await expect(multi({ generator: member }).unwrapDataKey(whole)).rejects.toBe(reason)
  })
})
