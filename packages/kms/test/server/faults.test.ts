import { GenerateRandomCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { testKms } from '../../src/testing.ts'
import { failureOf, testBed } from '../support/client.ts'

const random = () => new GenerateRandomCommand({ NumberOfBytes: 1 })

describe('a fault', () => {
  it('throttles, and a client that retries gets over it', async () => {
    await using kms = await testKms()
    kms.faults.add({ operation: 'GenerateRandom', kind: 'throttle', times: 2 })
    const client = new KMSClient({ ...kms.clientConfig(), maxAttempts: 3 })
    const { $metadata } = await client.send(random())
    expect($metadata.attempts).toBe(3)
  })

  it('throttles as AWS does', async () => {
    const { kms, client } = await testBed()
    kms.faults.add({ operation: '*', kind: 'throttle' })
    expect(await failureOf(client.send(random()))).toEqual({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      status: 400,
    })
  })

  it.each(['KMSInternalException', 'DependencyTimeoutException', 'KeyUnavailableException'] as const)(
    'fails with %s and status 500',
    async (code) => {
      const { kms, client } = await testBed()
      kms.faults.add({ operation: '*', kind: 'error', code })
      expect(await failureOf(client.send(random()))).toMatchObject({ name: code, status: 500 })
    },
  )

  it('is KMSInternalException unless said', async () => {
    const { kms, client } = await testBed()
    kms.faults.add({ operation: 'GenerateRandom', kind: 'error' })
    expect(await failureOf(client.send(random()))).toMatchObject({ name: 'KMSInternalException', status: 500 })
  })

  it('meets the operation that it names and no other', async () => {
    const { kms, client } = await testBed()
    kms.faults.add({ operation: 'GenerateRandom', kind: 'throttle' })
    await expect(client.send(new ListKeysCommand({}))).resolves.toMatchObject({ Keys: [] })
  })

  it('meets as many requests as it says, the newest fault first', async () => {
    const { kms, client } = await testBed()
    kms.faults.add({ operation: '*', kind: 'throttle', times: 1 })
    kms.faults.add({ operation: '*', kind: 'error', times: 1 })
    const names = [await failureOf(client.send(random())), await failureOf(client.send(random()))].map(
      ({ name }) => name,
    )
    expect(names).toEqual(['KMSInternalException', 'ThrottlingException'])
    expect(kms.faults.list()).toEqual([])
    await expect(client.send(random())).resolves.toBeDefined()
  })

  it('delays an answer, and lets it go when it is taken back', async () => {
    const { kms, client } = await testBed()
    kms.faults.add({ operation: '*', kind: 'latency', milliseconds: 3_600_000 })
    kms.faults.add({ operation: 'ListKeys', kind: 'latency', milliseconds: 1, times: 1 })
    await expect(client.send(new ListKeysCommand({}))).resolves.toBeDefined()
    const delayed = client.send(random())
    const listed = client.send(new ListKeysCommand({}))
    kms.faults.clear()
    await expect(Promise.all([delayed, listed])).resolves.toHaveLength(2)
  })

  it('holds an answer back until the KMS closes', async () => {
    const kms = await testKms()
    kms.faults.add({ operation: '*', kind: 'timeout', times: 1 })
    const held = kms.entry({
      method: 'POST',
      url: '/',
      headers: { 'x-amz-target': 'TrentService.GenerateRandom' },
      body: new TextEncoder().encode('{"NumberOfBytes":1}'),
    })
    await kms.close()
    expect((await held).status).toBe(200)
  })
})
