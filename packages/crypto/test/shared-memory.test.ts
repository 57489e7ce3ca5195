import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'

describe.each([nodeEngine, webEngine, nobleEngine])('views of shared memory in the $name engine', (engine) => {
  it('are read as any others', async () => {
    const plain = Uint8Array.from({ length: 64 }, (_, i) => 3 * i)
    const view = new Uint8Array(new SharedArrayBuffer(69), 5)
    view.set(plain)
    const sealers = [await engine.aesGcm(view.subarray(0, 32)), await engine.aesGcm(plain.subarray(0, 32))]
    const [one, other] = await Promise.all(
      [view, plain].map(async (bytes, i) => sealers[i]?.seal(bytes.subarray(0, 12), bytes, bytes)),
    )
    expect(one).toEqual(other)
    expect(await engine.hash('sha256', view)).toEqual(await engine.hash('sha256', plain))
    const derive = async (bytes: Uint8Array) => engine.hkdf('sha256', bytes, bytes, [{ info: bytes, length: 40 }])
    expect(await derive(view)).toEqual(await derive(plain))
  })
})
