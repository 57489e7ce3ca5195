import { BongtuError } from './errors.ts'

/** How a data key becomes message keys: HKDF (RFC 5869) with this hash. */
export type KdfHash = 'sha256' | 'sha384' | 'sha512'

export interface SuiteSignature {
  readonly curve: 'p256' | 'p384'
  /** The longest DER signature of the curve, in bytes. */
  readonly maxSignatureLength: number
  /** The length that most writers pin, in bytes; never assumed on reading. */
  readonly usualSignatureLength: number
}

/** One algorithm suite: everything that depends on the suite is a field of its row. */
export interface AlgorithmSuite {
  /** The two-byte id in the header. */
  readonly id: number
  readonly name: SuiteName
  /** Version of the message format that carries it. */
  readonly messageVersion: 1 | 2
  /** Bytes of the data key, and of the content key derived from it. */
  readonly dataKeyLength: 16 | 24 | 32
  /** Absent where the data key is the content key. */
  readonly kdf: KdfHash | null
  readonly committing: boolean
  readonly signature: SuiteSignature | null
}

const P256: SuiteSignature = Object.freeze({ curve: 'p256', maxSignatureLength: 72, usualSignatureLength: 71 })
const P384: SuiteSignature = Object.freeze({ curve: 'p384', maxSignatureLength: 104, usualSignatureLength: 103 })

type Row = Omit<AlgorithmSuite, 'name'>

const row = (
  id: number,
  dataKeyLength: 16 | 24 | 32,
  kdf: KdfHash | null,
  signature: SuiteSignature | null = null,
): Row => ({ id, messageVersion: 1, dataKeyLength, kdf, committing: false, signature })

const committing = (id: number, signature: SuiteSignature | null): Row => ({
  id,
  messageVersion: 2,
  dataKeyLength: 32,
  kdf: 'sha512',
  committing: true,
  signature,
})

/** algorithm-suites.md: the eleven suites of the message format. */
const table = {
  AES_128_GCM_IV12_TAG16: row(0x0014, 16, null),
  AES_192_GCM_IV12_TAG16: row(0x0046, 24, null),
  AES_256_GCM_IV12_TAG16: row(0x0078, 32, null),
  AES_128_GCM_IV12_TAG16_HKDF_SHA256: row(0x0114, 16, 'sha256'),
  AES_192_GCM_IV12_TAG16_HKDF_SHA256: row(0x0146, 24, 'sha256'),
  AES_256_GCM_IV12_TAG16_HKDF_SHA256: row(0x0178, 32, 'sha256'),
  AES_128_GCM_IV12_TAG16_HKDF_SHA256_ECDSA_P256: row(0x0214, 16, 'sha256', P256),
  AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384: row(0x0346, 24, 'sha384', P384),
  AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384: row(0x0378, 32, 'sha384', P384),
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY: committing(0x0478, null),
  AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384: committing(0x0578, P384),
}

export type SuiteName = keyof typeof table

/** The eleven suites, in the order of their ids. */
export const algorithmSuites: readonly AlgorithmSuite[] = Object.freeze(
  Object.entries(table).map(([name, fields]) => Object.freeze({ name: name as SuiteName, ...fields })),
)

const byId = new Map(algorithmSuites.map((suite) => [suite.id, suite]))
const byName = new Map<string, AlgorithmSuite>(algorithmSuites.map((suite) => [suite.name, suite]))

/** Four lower-case hexadecimal digits, as the specification writes ids. */
export const suiteHex = (id: number): string => id.toString(16).padStart(4, '0')

/** The suite of a header's id. Throws ERR_UNSUPPORTED for every other id, those of other products (6700, 007x) included. */
export function suiteById(id: number): AlgorithmSuite {
  const suite = byId.get(id)
  if (suite === undefined) {
    throw new BongtuError(
      'ERR_UNSUPPORTED',
      `algorithm suite 0x${suiteHex(id)} is not one of the message format's eleven`,
    )
  }
  return suite
}

/** The suite that a caller names: its name, its id as a number, or its id in hexadecimal (`'0578'`, `'0x0578'`). Throws a RangeError. */
export function suiteNamed(nameOrId: SuiteName | number | (string & {})): AlgorithmSuite {
  const suite =
    typeof nameOrId === 'number'
      ? byId.get(nameOrId)
      : (byName.get(nameOrId) ??
        (/^(0x)?[0-9a-f]{4}$/i.test(nameOrId)
          ? byId.get(Number.parseInt(nameOrId.replace(/^0x/i, ''), 16))
          : undefined))
  if (suite === undefined) {
    const known = algorithmSuites.map((each) => suiteHex(each.id)).join(', ')
    throw new RangeError(`there is no algorithm suite ${JSON.stringify(nameOrId)}; the ids are ${known}`)
  }
  return suite
}
