import type { AgreementCurve, Engine, SigningCurve } from '../engine.ts'
import { hex, ramp, view } from './bytes.ts'
import { rsaPrivateForms, rsaPublicForms } from './rsa-encodings.ts'
import type { TestApi } from './test-api.ts'

/** What `writer` seals, signs and encrypts, `reader` must open, verify and decrypt. Run it both ways. */
export function exchangeConformance(writer: Engine, reader: Engine, { describe, it, expect }: TestApi): void {
  describe(`${writer.name} to ${reader.name}`, () => {
    it('opens what the other sealed, one by one and in frames', async () => {
      for (const keyLength of [16, 24, 32]) {
        const [from, to] = [await writer.aesGcm(ramp(keyLength)), await reader.aesGcm(ramp(keyLength))]
        const sealed = await from.seal(ramp(12), ramp(100, 4), ramp(9))
        expect(hex(await to.open(ramp(12), view(sealed), ramp(9)))).toBe(hex(ramp(100, 4)))
        const batch = {
          count: 40,
          contentLength: 21,
          records: writer.random(40 * 60),
          recordStride: 60,
          ivOffset: 4,
          contentOffset: 16,
          plaintext: writer.random(40 * 21),
          aad: ramp(30),
          aadCounterOffset: 13,
          firstCounter: 0x00ffffff,
        }
        await from.sealFrames(batch)
        const opened = { ...batch, plaintext: new Uint8Array(40 * 21) }
        expect([await to.openFrames(opened), hex(opened.plaintext)]).toEqual([40, hex(batch.plaintext)])
      }
    })

    for (const curve of ['p256', 'p384'] satisfies SigningCurve[]) {
      it(`verifies what the other signed with ${curve}, with long and short scalars`, async () => {
        // Twelve keys make a leading zero or a sign byte in r and s all but certain.
        for (let round = 0; round < 12; round++) {
          const key = await writer.generateSigningKey(curve)
          const signer = key.signer()
          signer.update(ramp(200, round))
          const verifier = await reader.verifier(curve, key.publicKey)
          verifier.update(ramp(200, round))
          expect(await verifier.verify(await signer.sign())).toBe(true)
        }
      })
    }

    for (const curve of ['p256', 'p384', 'p521'] satisfies AgreementCurve[]) {
      it(`agrees with the other on ${curve}`, async () => {
        const [from, to] = [await writer.generateAgreementKey(curve), await reader.generateAgreementKey(curve)]
        expect(hex(await from.agree(to.publicKey))).toBe(hex(await to.agree(from.publicKey)))
        expect(hex(await reader.importAgreementPublicKey(curve, from.publicKey))).toBe(hex(from.publicKey))
      })
    }

    it('derives the same', async () => {
      const outputs = [
        { info: ramp(20), length: 32 },
        { info: ramp(9), length: 77 },
      ]
      for (const name of ['sha256', 'sha384', 'sha512'] as const) {
        const derived = await writer.hkdf(name, ramp(32), ramp(32, 8), outputs)
        expect((await reader.hkdf(name, ramp(32), ramp(32, 8), outputs)).map(hex)).toEqual(derived.map(hex))
        const counted = await writer.counterKdf(name, ramp(32), ramp(50), 70)
        expect(hex(await reader.counterKdf(name, ramp(32), ramp(50), 70))).toBe(hex(counted))
      }
    })

    for (const padding of reader.rsaDecryptPaddings) {
      if (!writer.rsaEncryptPaddings.includes(padding)) continue
      it(`decrypts what the other encrypted with ${padding}`, async () => {
        const sealed = await (await writer.importRsaPublicKey(rsaPublicForms().PEM)).encrypt(padding, ramp(32))
        const key = await reader.importRsaPrivateKey(rsaPrivateForms().PEM)
        expect(hex(await key.decrypt(padding, sealed))).toBe(hex(ramp(32)))
      })
    }
  })
}
