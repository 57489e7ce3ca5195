import type { Engine, SigningCurve } from '../engine.ts'
import { bytes, failure, flipped, hex, isPlain, ramp, text, view } from './bytes.ts'
import { P256_CASES, P384_CASES, type SignatureCase } from './cases/signatures.ts'
import type { TestApi } from './test-api.ts'

interface Curve {
  readonly curve: SigningCurve
  readonly pointLength: number
  readonly cases: readonly SignatureCase[]
}

const CURVES: readonly Curve[] = [
  { curve: 'p256', pointLength: 33, cases: P256_CASES },
  { curve: 'p384', pointLength: 49, cases: P384_CASES },
]

export function signingConformance(engine: Engine, api: TestApi): void {
  for (const curve of CURVES) curveConformance(engine, api, curve)
}

async function verify(
  engine: Engine,
  curve: SigningCurve,
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) {
  const verifier = await engine.verifier(curve, key)
  verifier.update(message)
  return verifier.verify(signature)
}

function curveConformance(
  engine: Engine,
  { describe, it, expect }: TestApi,
  { curve, pointLength, cases }: Curve,
): void {
  describe(`signing with ${curve}`, () => {
    for (const { name, publicKey, message, signature, valid } of cases) {
      it(`${valid ? 'verifies' : 'refuses'} ${name}`, async () => {
        expect(await verify(engine, curve, bytes(publicKey), bytes(message), bytes(signature))).toBe(valid)
      })
    }

    it('verifies what it signs, with a compressed public key and a DER signature', async () => {
      const key = await engine.generateSigningKey(curve)
      const signer = key.signer()
      signer.update(text('abc'))
      const signature = await signer.sign()
      expect([key.curve, key.publicKey.length, isPlain(key.publicKey)]).toEqual([curve, pointLength, true])
      expect([signature[0], isPlain(signature)]).toEqual([0x30, true])
      expect(await verify(engine, curve, view(key.publicKey), text('abc'), view(signature))).toBe(true)
      expect(await verify(engine, curve, key.publicKey, text('abd'), signature)).toBe(false)
      const other = await engine.generateSigningKey(curve)
      expect(await verify(engine, curve, other.publicKey, text('abc'), signature)).toBe(false)
    })

    it('makes a new key each time, and a new signer for each message of a key', async () => {
      const keys = await Promise.all(Array.from({ length: 6 }, () => engine.generateSigningKey(curve)))
      expect(new Set(keys.map((key) => hex(key.publicKey))).size).toBe(keys.length)
      const [key] = keys
      for (const message of ['one', 'two']) {
        const signer = key?.signer()
        signer?.update(text(message))
        const signature = (await signer?.sign()) ?? new Uint8Array(0)
        expect(await verify(engine, curve, key?.publicKey ?? ramp(1), text(message), signature)).toBe(true)
      }
    })

    it('hashes pieces as one message, whatever becomes of the memory of a piece', async () => {
      const key = await engine.generateSigningKey(curve)
      const signer = key.signer()
      const verifier = await engine.verifier(curve, key.publicKey)
      for (const length of [0, 1, 63, 64, 65, 127, 128, 300]) {
        const piece = ramp(length, length)
        signer.update(piece)
        piece.fill(0xff)
        for (const byte of ramp(length, length)) verifier.update(Uint8Array.of(byte))
      }
      expect(await verifier.verify(await signer.sign())).toBe(true)
    })

    it('signs and verifies an empty message', async () => {
      const key = await engine.generateSigningKey(curve)
      const signature = await key.signer().sign()
      expect(await (await engine.verifier(curve, key.publicKey)).verify(signature)).toBe(true)
    })

    it('refuses a published signature with any one byte changed, cut off or added', async () => {
      const published = cases.find(({ valid }) => valid)
      if (published === undefined) throw new Error('there is no valid case')
      const [key, message, signature] = [
        bytes(published.publicKey),
        bytes(published.message),
        bytes(published.signature),
      ]
      // Each byte up to s, then samples of it: a wrong scalar is the slow and well covered case.
      for (let i = 0; i < signature.length; i += i < 5 ? 1 : 9) {
        expect(await verify(engine, curve, key, message, flipped(signature, i))).toBe(false)
      }
      for (let length = 0; length < signature.length; length++) {
        expect(await verify(engine, curve, key, message, view(signature.subarray(0, length)))).toBe(false)
      }
      expect(await verify(engine, curve, key, message, view(Uint8Array.of(...signature, 0)))).toBe(false)
    })

    it('refuses to verify with bytes that are no compressed point of the curve', async () => {
      const { publicKey } = await engine.generateSigningKey(curve)
      const notPoints = [
        new Uint8Array(0),
        view(publicKey.subarray(1)),
        view(Uint8Array.of(...publicKey, 0)),
        new Uint8Array(pointLength),
        view(Uint8Array.of(5, ...publicKey.subarray(1))),
        view(Uint8Array.of(4, ...ramp(2 * (pointLength - 1)))),
        new Uint8Array(pointLength).fill(0xff).fill(2, 0, 1),
        offCurve(pointLength),
      ]
      for (const point of notPoints) expect(await failure(() => engine.verifier(curve, point))).toBe('TypeError')
    })

    it('does not show the private half', async () => {
      const key = await engine.generateSigningKey(curve)
      expect(Object.keys(key).sort()).toEqual(['curve', 'publicKey', 'signer'])
      expect(Object.keys(JSON.parse(JSON.stringify(key))).sort()).toEqual(['curve', 'publicKey'])
    })
  })
}

/** x = 1 has no point on P-256, nor on P-384. */
function offCurve(pointLength: number): Uint8Array {
  const point = new Uint8Array(pointLength)
  point[0] = 2
  point[pointLength - 1] = 1
  return view(point)
}
