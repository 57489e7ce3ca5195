import { createServer } from 'node:http'
import { KmsConnectionError, KmsServiceError, kmsClient } from '@bongtu/keyrings/aws-kms'
import { HttpResponse, http } from 'msw'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { HOME, keys, testKms } from '../support/kms.ts'
import { awsHosts, hostOf, network } from '../support/network.ts'

const credentials = { accessKeyId: '111122223333', secretAccessKey: 'secret' }
const request = { KeyId: keys.first, NumberOfBytes: 32 }
const client = (options = {}) => kmsClient({ region: HOME, credentials, ...options })
const never = new Promise<never>(() => {})

/** The first requests get these answers, the others go to the KMS. Answers how many there were. */
async function afterThese(...answers: (() => Response | Promise<Response>)[]) {
  const { kms, calls } = await testKms()
  let count = 0
  network(
    http.post(hostOf(HOME), () => {
      count++
      return answers.shift()?.()
    }),
    awsHosts(kms),
  )
  return { count: () => count, calls, kms }
}

const refusal =
  (status: number, __type: string, message = 'so there') =>
  () =>
    HttpResponse.json({ __type, message }, { status, headers: { 'x-amzn-requestid': 'r-1' } })

describe('kmsClient tries again', () => {
  it.each([
    ['throttling', refusal(400, 'ThrottlingException')],
    ['throttling with a namespace', refusal(400, 'com.amazonaws.kms#ThrottlingException')],
    ['a fault of the service', refusal(500, 'KMSInternalException')],
    ['a dependency that is slow', refusal(503, 'DependencyTimeoutException')],
    ['a key that is not available', refusal(500, 'KeyUnavailableException')],
    ['a gateway without a word of its own', () => new HttpResponse('<html>', { status: 502 })],
    ['too many requests', () => new HttpResponse(null, { status: 429 })],
    ['a connection that breaks', () => HttpResponse.error()],
    ['an answer that is cut off', () => new HttpResponse('{"KeyId":"arn:aws:k')],
    ['an answer that is no JSON object', () => HttpResponse.json([1])],
    ['an empty answer', () => new HttpResponse(null, { status: 200 })],
    [
      'a plaintext that is no Base64',
      () => HttpResponse.json({ KeyId: keys.first, Plaintext: '*', CiphertextBlob: '' }),
    ],
    ['a plaintext that is no text', () => HttpResponse.json({ KeyId: keys.first, Plaintext: [0], CiphertextBlob: '' })],
  ])('after %s', async (_what, answer) => {
    const { count } = await afterThese(answer, answer)
    expect((await client().generateDataKey(request)).KeyId).toBe(keys.first)
    expect(count()).toBe(3)
  })

  it('after an attempt without an answer in time', async () => {
    const { kms } = await testKms()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const fetch = vi.fn((sent: Request) => (fetch.mock.calls.length === 1 ? never : kms.handle(sent)))
    const endpoint = 'http://localhost'
    const call = client({ timeout: 5000, endpoint, fetch }).generateDataKey(request)
    await vi.advanceTimersByTimeAsync(4999)
    expect(fetch).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(1 + 100)
    expect((await call).KeyId).toBe(keys.first)
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  it('as often as maxAttempts says, and then fails with the last answer', async () => {
    const { count } = await afterThese(...Array.from({ length: 9 }, () => refusal(500, 'KMSInternalException')))
    await expect(client().generateDataKey(request)).rejects.toMatchObject({ name: 'KMSInternalException' })
    expect(count()).toBe(3)
    await expect(client({ maxAttempts: 1 }).generateDataKey(request)).rejects.toThrow(KmsServiceError)
    expect(count()).toBe(4)
    expect((await client({ maxAttempts: 6 }).generateDataKey(request)).KeyId).toBe(keys.first)
    expect(count()).toBe(10)
  })

  it('signs each attempt, with the time of that attempt', async () => {
    const dates: (string | null)[] = []
    const { kms } = await testKms()
    network(
      http.post(hostOf(HOME), ({ request: sent }) => {
        dates.push(sent.headers.get('x-amz-date'))
        vi.setSystemTime(Date.UTC(2030, 0, 1, 0, 0, dates.length))
        return dates.length < 3 ? HttpResponse.error() : undefined
      }),
      awsHosts(kms),
    )
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    await client().generateDataKey(request)
    expect(dates).toEqual(['20300101T000000Z', '20300101T000001Z', '20300101T000002Z'])
  })
})

describe('kmsClient pauses between attempts', () => {
  it('for a random part of a bound that doubles, and that is bounded itself', async () => {
    const { kms } = await testKms()
    network(awsHosts(kms))
    vi.mocked(Math.random).mockReturnValue(0.999_999)
    kms.faults.add({ operation: '*', kind: 'throttle', times: 9 })
    const pauses: (number | undefined)[] = []
    const real = setTimeout
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, ms: number) => {
      if (ms < 3000) pauses.push(Math.round(ms))
      return real(act, ms < 3000 ? 0 : ms)
    }) as never)
    await client({ maxAttempts: 10, timeout: 5000, deadline: 60_000 }).generateDataKey(request)
    expect(pauses.slice(0, 9)).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000])
  })
})

describe('kmsClient does not try again', () => {
  it.each([
    'AccessDeniedException',
    'NotFoundException',
    'DisabledException',
    'KMSInvalidStateException',
    'InvalidCiphertextException',
    'IncorrectKeyException',
    'InvalidGrantTokenException',
    'UnrecognizedClientException',
    'ExpiredTokenException',
    'SomethingNewException',
  ])('after %s: it is an answer', async (name) => {
    const { count } = await afterThese(refusal(400, name, 'because'))
    await expect(client().generateDataKey(request)).rejects.toMatchObject({
      name,
      message: 'because',
      retryable: false,
      $metadata: { httpStatusCode: 400, requestId: 'r-1' },
    })
    expect(count()).toBe(1)
  })

  it('follows no redirect: a signed request goes to no other host', async () => {
    const elsewhere = vi.fn()
    const { kms } = await testKms()
    network(
      http.post(
        hostOf(HOME),
        () => new HttpResponse(null, { status: 307, headers: { location: 'https://evil.example/' } }),
      ),
      http.post('https://evil.example/', elsewhere),
      awsHosts(kms),
    )
    await expect(client().generateDataKey(request)).rejects.toMatchObject({ name: 'HttpStatus307' })
    expect(elsewhere).not.toHaveBeenCalled()
  })

  it('after missing settings', async () => {
    const credentialsOf = vi.fn(async () => Promise.reject(new Error('locked')))
    await expect(client({ credentials: credentialsOf }).generateDataKey(request)).rejects.toThrow('locked')
    expect(credentialsOf).toHaveBeenCalledOnce()
  })
})

describe('an answer to kmsClient', () => {
  it('leaves no timer, which would keep the process alive until the deadline', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const fetch = async () => Response.json({ KeyId: keys.first })
    expect(await client({ fetch }).generateDataKey(request)).toEqual({ KeyId: keys.first })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is read up to 64 KiB, announced or not', async () => {
    const chunks = () => {
      let left = 100
      return new ReadableStream({
        pull(controller) {
          if (left-- === 0) controller.close()
          else controller.enqueue(new Uint8Array(1024).fill(0x20))
        },
      })
    }
    const { count } = await afterThese(
      () => new HttpResponse(chunks()),
      () => new HttpResponse(' '.repeat(65_537)),
    )
    await expect(client({ maxAttempts: 2 }).generateDataKey(request)).rejects.toThrow(/longer than 65536 bytes/)
    expect(count()).toBe(2)
  })

  it('is cancelled where it is longer, as it may have no end', async () => {
    const cancel = vi.fn()
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(1024)), cancel })
    const fetch = async () => new Response(endless)
    await expect(client({ fetch, maxAttempts: 1 }).generateDataKey(request)).rejects.toThrow(KmsConnectionError)
    expect(cancel).toHaveBeenCalledOnce()
  })

  it('is named by its status where it has no name, and cut short where it says much', async () => {
    await afterThese(
      () => new HttpResponse('no', { status: 403 }),
      refusal(400, 'A', 'x'.repeat(9000)),
      refusal(400, 'B', ''),
      refusal(400, 'C'.repeat(9000)),
    )
    const failures = []
    for (const _call of [1, 2, 3, 4])
      failures.push(
        await client()
          .generateDataKey(request)
          .catch((error: unknown) => error),
      )
    expect(failures).toMatchObject([
      { name: 'HttpStatus403', message: 'without a message' },
      { name: 'A', message: 'x'.repeat(1000) },
      { name: 'B', message: 'without a message' },
      { name: 'C'.repeat(1000), message: 'so there' },
    ])
  })
})

describe('kmsClient gives up', () => {
  it('at the deadline, whatever the attempts are at', async () => {
    await afterThese(...Array.from({ length: 50 }, () => () => never))
    const call = client({ timeout: 15, deadline: 60, maxAttempts: 50 }).generateDataKey(request)
    await expect(call).rejects.toThrow(new KmsConnectionError('no answer to GenerateDataKey within 60 ms'))
  })

  it('for good: nothing is tried behind the deadline', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const fetch = vi.fn(() => never)
    const call = client({ fetch, timeout: 5000, deadline: 7000, maxAttempts: 50 }).generateDataKey(request)
    const refused = expect(call).rejects.toThrow('no answer to GenerateDataKey within 7000 ms')
    await vi.advanceTimersByTimeAsync(7000)
    await refused
    await vi.advanceTimersByTimeAsync(60_000)
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'fetch failed (ECONNREFUSED)'],
    [new Error('bad port'), 'fetch failed (bad port)'],
    [undefined, 'fetch failed'],
  ])('names the host, and what the platform says of %s', async (cause, reason) => {
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
    await expect(client({ fetch, maxAttempts: 1 }).generateDataKey(request)).rejects.toThrow(
      `no answer from kms.us-east-1.amazonaws.com: ${reason}`,
    )
  })

  it('with the reason of an aborted signal: before, during an attempt, and in a pause', async () => {
    const { count, kms } = await afterThese(() => never)
    const reason = new Error('enough')
    const before = client().generateDataKey(request, { abortSignal: AbortSignal.abort(reason) })
    await expect(before).rejects.toBe(reason)
    expect(count()).toBe(0)
    const controller = new AbortController()
    const during = client().generateDataKey(request, { abortSignal: controller.signal })
    await vi.waitUntil(() => count() === 1)
    controller.abort(reason)
    await expect(during).rejects.toBe(reason)
    vi.mocked(Math.random).mockReturnValue(1)
    kms.faults.add({ operation: '*', kind: 'throttle' })
    const later = new AbortController()
    const pausing = client({ maxAttempts: 100 }).generateDataKey(request, { abortSignal: later.signal })
    await vi.waitUntil(() => count() === 2)
    later.abort(reason)
    await expect(pausing).rejects.toBe(reason)
  })

  it('stops the request itself', async () => {
    const controller = new AbortController()
    let heard: AbortSignal | undefined
    const fetch = ({ signal }: Request): Promise<Response> => {
      heard = signal
      return never
    }
    const call = client({ fetch }).generateDataKey(request, { abortSignal: controller.signal })
    await vi.waitUntil(() => heard !== undefined)
    controller.abort()
    await expect(call).rejects.toThrow()
    expect(heard?.aborted).toBe(true)
  })
})

describe('kmsClient keeps connections', () => {
  it('makes many calls over sockets that it has', async () => {
    const { kms } = await testKms()
    const server = createServer((message, response) => {
      const body: Uint8Array[] = []
      message.on('data', (chunk: Uint8Array) => body.push(chunk))
      message.on('end', async () => {
        const headers = message.headers as Readonly<Record<string, string>>
        const answer = await kms.entry({ method: 'POST', url: '/', headers, body: Buffer.concat(body) })
        response.writeHead(answer.status, answer.headers).end(answer.body)
      })
    })
    let sockets = 0
    server.on('connection', () => sockets++)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as { port: number }
    const keeping = client({ endpoint: `http://127.0.0.1:${port}` })
    for (let call = 0; call < 20; call++) expect((await keeping.generateDataKey(request)).KeyId).toBe(keys.first)
    await expect(keeping.describeKey?.({ KeyId: 'alias/none' })).rejects.toThrow(/not found/)
    await keeping.generateDataKey(request)
    // The platform may open a second one before it has noticed that the first is free again.
    expect(sockets).toBeLessThanOrEqual(2)
  })
})
