import { fromBase64, toBase64Url } from '../engines/base64.ts'
import { derSequence } from '../engines/der.ts'
import { view } from './bytes.ts'
import { RSA_CASES } from './cases/rsa.ts'
import { pem } from './ec-encodings.ts'

/** The bytes of Base64, as an offset view. */
export function keyBytes(base64: string): Uint8Array {
  return view(fromBase64(base64) ?? new Uint8Array(0))
}

const OAEP_SHA256_KEY = RSA_CASES.find(({ padding }) => padding === 'oaep-sha256')?.privateKey ?? ''

/** One private key in the forms that every engine with RSA reads. */
export function rsaPrivateForms() {
  const pkcs8 = keyBytes(OAEP_SHA256_KEY)
  return { 'PKCS #8': pkcs8, PEM: pem('PRIVATE KEY', pkcs8), JWK: { ...jwk('private'), alg: 'RSA-OAEP-256' } }
}

/** Its public half. */
export function rsaPublicForms() {
  const { n, e } = jwk('public')
  const numbers = [n, e].map((number) => derInteger(fromBase64(number ?? '') ?? new Uint8Array(0)))
  const bits = [0, ...element(0x30, numbers.flat())]
  const spki = view(Uint8Array.from(element(0x30, [...RSA_ALGORITHM, ...element(0x03, bits)])))
  return { SPKI: spki, PEM: pem('PUBLIC KEY', spki), JWK: { ...jwk('public'), use: 'enc', key_ops: ['wrapKey'] } }
}

/** rsaEncryption with its NULL parameters (RFC 8017 A.1). */
const RSA_ALGORITHM = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00]

/** RFC 8017 A.1.2: version, n, e, d, p, q, dp, dq, qi. */
function jwk(half: 'public' | 'private'): JsonWebKey {
  const inner = derSequence(keyBytes(OAEP_SHA256_KEY))?.[2]?.content ?? new Uint8Array(0)
  const numbers = (derSequence(inner) ?? []).map(({ content }) =>
    toBase64Url(content[0] === 0 ? content.subarray(1) : content),
  )
  const [, n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = ''] = numbers
  return half === 'public' ? { kty: 'RSA', n, e } : { kty: 'RSA', n, e, d, p, q, dp, dq, qi }
}

function derInteger(magnitude: Uint8Array): number[] {
  return element(0x02, (magnitude[0] ?? 0) < 0x80 ? [...magnitude] : [0, ...magnitude])
}

function element(tag: number, content: readonly number[]): number[] {
  const { length } = content
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return [tag, ...lengthBytes, ...content]
}
