import type { AgreementCurve, Engine } from '../engine.ts'
import { bytes, failure, hex, isPlain, ramp, view } from './bytes.ts'
import { AGREEMENT_CASES, type AgreementCase, NOT_POINTS } from './cases/agreement.ts'
import { privateForms, publicForms, toJwk } from './ec-encodings.ts'
import type { TestApi } from './test-api.ts'

const POINT_LENGTHS: Readonly<Record<AgreementCurve, number>> = { p256: 33, p384: 49, p521: 67 }
const CURVES: readonly AgreementCurve[] = ['p256', 'p384', 'p521']

function caseOf(curve: AgreementCurve): AgreementCase {
  const found = AGREEMENT_CASES.find((example) => example.curve === curve)
  if (found === undefined) throw new Error(`there is no case of ${curve}`)
  return found
}

export function agreementConformance(engine: Engine, api: TestApi): void {
  const { describe, it, expect } = api
  describe('key agreement', () => {
    for (const example of AGREEMENT_CASES) {
      it(`agrees on ${example.name}`, async () => {
        const key = await engine.importAgreementKey(example.curve, toJwk(example))
        const peer = bytes(example.peer)
        expect(hex(await key.agree(peer))).toBe(example.shared)
        expect(hex(peer)).toBe(example.peer)
      })
    }

    it('imports no published bytes that are no point', async () => {
      for (const { curve, point } of NOT_POINTS) {
        expect(await failure(() => engine.importAgreementPublicKey(curve, bytes(point)))).toBe('TypeError')
      }
    })

    for (const curve of CURVES) curveConformance(engine, api, curve)
  })
}

function curveConformance(engine: Engine, { it, expect }: TestApi, curve: AgreementCurve): void {
  const example = caseOf(curve)
  const compressed = `${Number.parseInt(example.y.slice(-1), 16) % 2 === 0 ? '02' : '03'}${example.x}`

  for (const [form, input] of Object.entries(privateForms(example))) {
    it(`imports a private key of ${curve} as ${form}`, async () => {
      const key = await engine.importAgreementKey(curve, input)
      expect([key.curve, hex(key.publicKey), isPlain(key.publicKey)]).toEqual([curve, compressed, true])
      expect(hex(await key.agree(bytes(example.peer)))).toBe(example.shared)
    })
  }

  for (const [form, input] of Object.entries(publicForms(example))) {
    it(`imports a public key of ${curve} as ${form}`, async () => {
      const point = await engine.importAgreementPublicKey(curve, input)
      expect([hex(point), isPlain(point)]).toEqual([compressed, true])
    })
  }

  it(`agrees between two generated keys of ${curve}`, async () => {
    const [one, other] = [await engine.generateAgreementKey(curve), await engine.generateAgreementKey(curve)]
    const shared = await one.agree(view(other.publicKey))
    expect([one.curve, one.publicKey.length, shared?.length]).toEqual([
      curve,
      POINT_LENGTHS[curve],
      POINT_LENGTHS[curve] - 1,
    ])
    expect(hex(await other.agree(one.publicKey))).toBe(hex(shared))
    expect([isPlain(shared), hex(one.publicKey) === hex(other.publicKey)]).toEqual([true, false])
  })

  it(`answers null for a peer that is no compressed point of ${curve}`, async () => {
    const key = await engine.importAgreementKey(curve, toJwk(example))
    const point = bytes(compressed)
    const offCurve = new Uint8Array(point.length).fill(2, 0, 1).fill(curve === 'p521' ? 3 : 1, -1)
    const uncompressed = bytes(`04${example.x}${example.y}`)
    const peers = [new Uint8Array(0), new Uint8Array(1), point.subarray(1), view(Uint8Array.of(...point, 0)), offCurve]
    const tooLarge = new Uint8Array(point.length).fill(0xff).fill(2, 0, 1)
    const wrongPrefix = view(Uint8Array.of(4, ...point.subarray(1)))
    for (const peer of [...peers, uncompressed, tooLarge, wrongPrefix]) expect(await key.agree(peer)).toBe(null)
  })

  it(`refuses to import what is no key of ${curve}`, async () => {
    const jwk = toJwk(example)
    const { d, ...publicJwk } = jwk
    const other = toJwk(AGREEMENT_CASES.filter((one) => one.curve === curve)[1] ?? example)
    const elsewhere = toJwk(caseOf(curve === 'p256' ? 'p384' : 'p256'))
    const { pem, pkcs8 } = privateForms(example)
    const zero = { ...jwk, d: 'A'.repeat(d.length) }
    const short = { ...jwk, d: d.slice(4) }
    const notPrivate = [
      publicJwk,
      elsewhere,
      zero,
      short,
      { ...jwk, x: other.x, y: other.y },
      { ...jwk, kty: 'RSA' },
      {},
    ]
    const notPkcs8 = [pkcs8.subarray(1), pkcs8.subarray(0, -1), Uint8Array.of(...pkcs8, 0), new Uint8Array(0), ramp(32)]
    const notPem = ['', 'key', pem.replace('PRIVATE', 'PUBLIC'), pem.replace('-----END', '----END'), pem.slice(0, 60)]
    for (const input of [...notPrivate, ...notPkcs8, ...notPem]) {
      expect(await failure(() => engine.importAgreementKey(curve, input))).toBe('TypeError')
    }
    const swapped = { ...publicJwk, y: publicJwk.x }
    for (const input of [jwk, pem, pkcs8, swapped, elsewhere, { ...publicJwk, x: publicJwk.x.slice(4) }, {}, '']) {
      expect(await failure(() => engine.importAgreementPublicKey(curve, input))).toBe('TypeError')
    }
  })

  it(`does not show the private half of a key of ${curve}`, async () => {
    for (const key of [
      await engine.generateAgreementKey(curve),
      await engine.importAgreementKey(curve, toJwk(example)),
    ]) {
      expect(Object.keys(key).sort()).toEqual(['agree', 'curve', 'publicKey'])
      expect(Object.keys(JSON.parse(JSON.stringify(key))).sort()).toEqual(['curve', 'publicKey'])
    }
  })
}
