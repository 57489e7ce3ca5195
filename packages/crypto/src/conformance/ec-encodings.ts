import type { AgreementCurve } from '../engine.ts'
import { toBase64Url } from '../engines/base64.ts'
import { CURVES, EC_PUBLIC_KEY_OID } from '../engines/curves.ts'
import { bytes, view } from './bytes.ts'
import type { AgreementCase } from './cases/agreement.ts'

/** Writers of the forms in which keys come, independent of the readers in the engines. */

export interface PrivateJwk {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
  readonly d: string
}

export function toJwk({ curve, d, x, y }: AgreementCase): PrivateJwk {
  const [encodedX, encodedY, encodedD] = [x, y, d].map((hexadecimal) => toBase64Url(bytes(hexadecimal)))
  return { kty: 'EC', crv: CURVES[curve].name, x: encodedX ?? '', y: encodedY ?? '', d: encodedD ?? '' }
}

/** One private key as JWK, PKCS #8 (with and without its public half), SEC 1, and PEM of each. */
export function privateForms(example: AgreementCase) {
  const { curve } = example
  const sec1 = (...fields: readonly Bytes[]) =>
    der(0x30, Uint8Array.of(0x02, 0x01, 0x01), der(0x04, bytes(example.d)), ...fields)
  const pkcs8Around = (key: Bytes) => der(0x30, Uint8Array.of(0x02, 0x01, 0x00), algorithm(curve), der(0x04, key))
  const publicHalf = der(0xa1, der(0x03, Uint8Array.of(0), uncompressed(example)))
  const named = sec1(der(0xa0, CURVES[curve].oid), publicHalf)
  const pkcs8 = view(pkcs8Around(sec1(publicHalf)))
  return {
    jwk: toJwk(example),
    pkcs8,
    'pkcs8 without its public half': view(pkcs8Around(sec1())),
    'pkcs8 that names the curve twice': view(pkcs8Around(named)),
    pem: pem('PRIVATE KEY', pkcs8),
    'SEC 1 PEM': pem('EC PRIVATE KEY', named),
    'SEC 1 PEM behind its parameters': pem('EC PARAMETERS', CURVES[curve].oid) + pem('EC PRIVATE KEY', named),
  }
}

/** One public key as JWK, points, SPKI with either point, and PEM. */
export function publicForms(example: AgreementCase) {
  const { d: _, ...jwk } = toJwk(example)
  const whole = uncompressed(example)
  const odd = (whole.at(-1) ?? 0) & 1
  const compressed = view(Uint8Array.of(2 + odd, ...bytes(example.x)))
  const spki = (point: Bytes) => view(der(0x30, algorithm(example.curve), der(0x03, Uint8Array.of(0), point)))
  return {
    jwk,
    'an uncompressed point': whole,
    'a compressed point': compressed,
    SPKI: spki(whole),
    'SPKI with a compressed point': spki(compressed),
    PEM: pem('PUBLIC KEY', spki(whole)),
    'PEM with carriage returns': pem('PUBLIC KEY', spki(whole)).replaceAll('\n', '\r\n'),
  }
}

export function pem(label: string, content: Uint8Array): string {
  const lines = btoa(String.fromCharCode(...content)).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

type Bytes = Uint8Array

function algorithm(curve: AgreementCurve): Bytes {
  return der(0x30, EC_PUBLIC_KEY_OID, CURVES[curve].oid)
}

function uncompressed({ x, y }: AgreementCase): Bytes {
  return bytes(`04${x}${y}`)
}

function der(tag: number, ...contents: readonly Bytes[]): Bytes {
  const content = contents.flatMap((part) => [...part])
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff]
  return Uint8Array.of(tag, ...length, ...content)
}
