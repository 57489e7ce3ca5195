import { createSign, type KeyObject } from 'node:crypto'
import { defaultEngine } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'
import { decrypt } from '../../src/index.ts'
import { concat, numbered } from '../support/bytes.ts'
import { type Craft, craft, derSignature, hashOf, properly } from '../support/craft.ts'
import { rejectionCode } from '../support/errors.ts'

const commitmentPolicy = 'require-encrypt-allow-decrypt'
const plaintext = numbered(20)

/** The orders of the groups (SP 800-186). */
const curves = [
  { suite: 0x0214, n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  {
    suite: 0x0578,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
] as const

/** The two numbers of a proper signature. */
function numbers(signed: Uint8Array, key: KeyObject): readonly [bigint, bigint] {
  const raw = createSign(hashOf(key)).update(signed).sign({ key, dsaEncoding: 'ieee-p1363' }).toString('hex')
  const half = raw.length / 2
  return [BigInt(`0x${raw.slice(0, half)}`), BigInt(`0x${raw.slice(half)}`)]
}

/** GHSA-gvc7-gjrw-hj65 and CVE-2022-21449: signatures that no key had made were accepted. */
for (const engine of [defaultEngine, webEngine, nobleEngine]) {
  describe(`V4: on the ${engine.name} engine`, () => {
    const codeFor = async (wanted: Craft): Promise<string> => {
      const { message, keyring } = craft(wanted)
      return rejectionCode(decrypt(message, { keyring, engine, commitmentPolicy }))
    }
    for (const { suite, n } of curves) {
      const hex = suite.toString(16).padStart(4, '0')
      it(`a signature under ${hex} with r or s outside of [1, n-1] is refused`, async () => {
        for (const wrong of [0n, n, n + 1n]) {
          const attempts: Craft['sign'][] = [
            () => derSignature(wrong, wrong),
            (signed, key) => derSignature(wrong, numbers(signed, key)[1]),
            (signed, key) => derSignature(numbers(signed, key)[0], wrong),
            (signed, key) => derSignature(numbers(signed, key)[0], numbers(signed, key)[1] + wrong),
          ]
          for (const sign of wrong === 0n ? attempts.slice(0, 3) : attempts) {
            expect(['ERR_AUTHENTICATION', 'ERR_MALFORMED']).toContain(
              await codeFor({ suite, plaintext, ...(sign && { sign }) }),
            )
          }
        }
      })

      it(`a signature under ${hex} in any encoding but DER is refused`, async () => {
        const encodings: readonly ((der: Uint8Array) => Uint8Array)[] = [
          (der) => concat([der, Uint8Array.of(0)]),
          (der) => der.subarray(0, -1),
          (der) => concat([Uint8Array.of(0x31), der.subarray(1)]),
          (der) => concat([Uint8Array.of(0x30, 0x81), der.subarray(1)]),
          (der) => concat([Uint8Array.of(0x30, 0x80), der.subarray(2), Uint8Array.of(0, 0)]),
          () => Uint8Array.of(0x30, 0),
          () => Uint8Array.of(0),
        ]
        for (const encode of encodings) {
          const sign: Craft['sign'] = (signed, key) => encode(properly(signed, key))
          expect(['ERR_AUTHENTICATION', 'ERR_MALFORMED']).toContain(await codeFor({ suite, plaintext, sign }))
        }
      })

      it(`a public key under ${hex} that is no compressed point of its curve is refused`, async () => {
        const replaceKey =
          (text: (current: Buffer) => string) =>
          (body: Uint8Array): Uint8Array => {
            const name = Buffer.from('aws-crypto-public-key')
            const at = Buffer.from(body).indexOf(name) + name.length + 2
            const length = (body[at - 2] ?? 0) * 256 + (body[at - 1] ?? 0)
            const current = Buffer.from(Buffer.from(body.subarray(at, at + length)).toString(), 'base64')
            const written = Buffer.from(text(current).padEnd(length, '=').slice(0, length))
            return concat([body.subarray(0, at), written, body.subarray(at + length)])
          }
        const wrong: readonly ((current: Buffer) => string)[] = [
          (current) => Buffer.concat([Buffer.of(4), current.subarray(1)]).toString('base64'),
          (current) => Buffer.concat([Buffer.of(0), current.subarray(1)]).toString('base64'),
          (current) => Buffer.alloc(current.length, 0xff).fill(2, 0, 1).toString('base64'),
          (current) => current.subarray(0, -3).toString('base64'),
          () => 'no base64 at all!',
        ]
        for (const text of wrong) {
          expect(await codeFor({ suite, plaintext, alterHeader: replaceKey(text) })).toBe('ERR_MALFORMED')
        }
      })
    }
  })
}

describe('V4: the public key and the suite', () => {
  it('belong together: a signed suite without one, and an unsigned suite with one, are refused', async () => {
    const key = 'aws-crypto-public-key'
    const { message, keyring } = craft({ suite: 0x0478, plaintext, context: { [key]: 'A'.repeat(68) } })
    expect(await rejectionCode(decrypt(message, { keyring }))).toBe('ERR_MALFORMED')
    const hide = (body: Uint8Array): Uint8Array => {
      const copy = Buffer.from(body)
      copy.write('x', copy.indexOf(key))
      return new Uint8Array(copy)
    }
    const signed = craft({ suite: 0x0578, plaintext, alterHeader: hide })
    expect(await rejectionCode(decrypt(signed.message, { keyring: signed.keyring }))).toBe('ERR_MALFORMED')
  })
})
