import { dataKeyCache, decrypt, decryptStream, encryptStream } from 'bongtu'
import { encryptTransform } from 'bongtu/node'
import { expect, it } from 'vitest'
import { countedKms } from './support/kms.ts'

const KiB = 1024
const suite = { algorithmSuite: 0x0478 }

it('streams of unknown length share a data key until its bytes are spent, and then nobody does', async () => {
  const { keyring, calls } = await countedKms()
  const cache = dataKeyCache({ capacity: 10, maxAge: 60_000, maxBytes: 100 * KiB })
  const options = { ...suite, keyring, cache }
  const open = () => {
    const { readable, writable } = encryptStream(options)
    return {
      message: new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>).bytes(),
      writer: writable.getWriter(),
    }
  }
  const chunk = new Uint8Array(60 * KiB).fill(7)
  const [first, second] = [open(), open()]
  await first.writer.write(chunk)
  await second.writer.write(chunk.subarray(0, 1))
  expect(calls('GenerateDataKey')).toBe(1)
  await second.writer.write(chunk.subarray(1))
  expect(cache.stats()).toMatchObject({ entries: 0, evictions: { limit: 1 }, bytesCharged: BigInt(120 * KiB) })

  const third = open()
  await third.writer.write(chunk.subarray(0, 1))
  expect(calls('GenerateDataKey')).toBe(2)
  for (const { writer, message } of [first, second, third]) {
    await writer.close()
    expect((await decrypt(await message, { keyring })).plaintext.every((byte) => byte === 7)).toBe(true)
  }
})

it('a stream charges what it announces at once, and what it does not announce as it comes', async () => {
  const { keyring } = await countedKms()
  const cache = dataKeyCache({ capacity: 10, maxAge: 60_000, maxBytes: 100 * KiB })
  const write = async (bytes: number, plaintextLength?: number): Promise<bigint> => {
    const options = { ...suite, keyring, cache, ...(plaintextLength === undefined ? {} : { plaintextLength }) }
    const stream = encryptTransform(options)
    stream.resume()
    await new Promise((resolve) => stream.write(new Uint8Array(bytes), resolve))
    const charged = cache.stats().bytesCharged
    stream.end(new Uint8Array(plaintextLength === undefined ? 0 : plaintextLength - bytes))
    return charged
  }
  expect(await write(10, 1_000)).toBe(1_000n)
  expect(await write(10)).toBe(1_010n)
  expect(cache.stats()).toMatchObject({ hits: 1, misses: 1, messagesCharged: 2 })
  expect(await write(10, 101 * KiB)).toBe(1_010n)
  expect(cache.stats().bypasses['longer than maxBytes']).toBe(1)
})

it('streams say whether their data key was cached', async () => {
  const { keyring, calls } = await countedKms()
  const cache = dataKeyCache({ capacity: 10, maxAge: 60_000 })
  for (const dataKeyCached of [false, true]) {
    const encrypting = encryptStream({ ...suite, keyring, cache })
    const message = new Blob(['text']).stream().pipeThrough(encrypting)
    const decrypting = decryptStream({ keyring, cache })
    expect(await new Response(message.pipeThrough(decrypting)).text()).toBe('text')
    expect(await encrypting.started).toMatchObject({ dataKeyCached, header: await encrypting.header })
    expect(await decrypting.opened).toMatchObject({ dataKeyCached })

    const transform = encryptTransform({ ...suite, keyring, cache }).end('text')
    expect((await transform.started).dataKeyCached).toBe(true)
    transform.resume()
  }
  expect([calls('GenerateDataKey'), calls('Decrypt')]).toEqual([1, 1])
})
