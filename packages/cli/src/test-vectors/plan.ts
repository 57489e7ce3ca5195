import { type AlgorithmSuite, algorithmSuites } from '@bongtu/message-format'

/** What the generated vectors are made of: each vector takes one of every kind. */
export interface VectorPlan {
  readonly suites: readonly AlgorithmSuite[]
  /** Bytes. */
  readonly frameLengths: readonly number[]
  /** Bytes of plaintext that are telling for a frame length. */
  readonly sizes: (frameLength: number) => readonly number[]
  readonly contexts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The wrapping keys of each kind, the generator of the data key first. */
  readonly keyKinds: Readonly<Record<string, readonly KeyKind[]>>
}

export type KeyKind =
  | { readonly type: 'aes'; readonly bits: 128 | 192 | 256 }
  | { readonly type: 'rsa'; readonly padding: 'pkcs1' | 'oaep-mgf1'; readonly hash?: RsaHash }
  | KmsKind

/** A key of AWS KMS: the ARN that wraps, and what is said to open. */
export interface KmsKind {
  readonly type: 'kms'
  readonly wraps: string
  readonly opens: KmsMasterKey
}

/** How manifests describe what opens, and which ARN its `key` stands for. */
export type KmsMasterKey =
  | { readonly type: 'aws-kms' | 'aws-kms-mrk-aware'; readonly arn: string }
  | {
      readonly type: 'aws-kms-mrk-aware-discovery'
      readonly region: string
      readonly account: string
      readonly partition: string
    }

export type RsaHash = 'sha1' | 'sha256' | 'sha384' | 'sha512'

export const aes = (bits: 128 | 192 | 256): KeyKind => ({ type: 'aes', bits })
const oaep = (hash: RsaHash): KeyKind => ({ type: 'rsa', padding: 'oaep-mgf1', hash })

const aroundAFrame = (frameLength: number): readonly number[] => [
  ...new Set([0, 1, frameLength - 1, frameLength, frameLength + 1]),
]

/** Every suite × frame length × size × context × kind of key. */
export const fullPlan: VectorPlan = {
  suites: algorithmSuites,
  frameLengths: [1, 16, 4096, 65_536],
  sizes: aroundAFrame,
  contexts: {
    none: {},
    // No empty key or value: the AWS Encryption SDK for Java reads neither.
    several: { zone: 'b', Tenant: 'acme', tenant: 'other', '10': 'ten', '9': 'nine' },
    // U+FF5E comes before U+1F600 in bytes, and behind it in UTF-16.
    'beyond-bmp': { '\u{1f600}': 'grin', '\uff5e': 'tilde', 'e\u0301': 'combining' },
  },
  keyKinds: {
    'aes-128': [aes(128)],
    'aes-192': [aes(192)],
    'aes-256': [aes(256)],
    'rsa-pkcs1': [{ type: 'rsa', padding: 'pkcs1' }],
    'rsa-oaep-sha1': [oaep('sha1')],
    'rsa-oaep-sha256': [oaep('sha256')],
    'rsa-oaep-sha384': [oaep('sha384')],
    'rsa-oaep-sha512': [oaep('sha512')],
    multi: [aes(256), oaep('sha256'), aes(128)],
  },
}
