import type { AesGcm, Engine } from '@bongtu/crypto'
import type { AlgorithmSuite } from '@bongtu/message-format'
import { aesGcmOf } from './engine-support.ts'

/** What a data key becomes for one message. */
export interface MessageKeys {
  /** AES-GCM under the content key. */
  readonly aead: AesGcm
  /** The 32 bytes of suite data that commit to the data key; empty where the suite does not commit. */
  readonly commitment: Uint8Array
}

const NOTHING = new Uint8Array(0)
const DERIVE_KEY = new TextEncoder().encode('DERIVEKEY')
const COMMIT_KEY = new TextEncoder().encode('COMMITKEY')
const COMMITMENT_LENGTH = 32
const HASH_LENGTH = { sha256: 32, sha384: 48, sha512: 64 } as const

/** Which derivation a message was written with: `net-4.0.0` left the message id out of the HKDF info of version 1. */
export type Derivation = 'specified' | 'net-4.0.0'

/**
 * Derives the keys of one message (algorithm-suites.md; HKDF of RFC 5869). The data key stays the caller's to zero.
 */
export async function deriveMessageKeys(
  engine: Engine,
  suite: AlgorithmSuite,
  dataKey: Uint8Array,
  messageId: Uint8Array,
  derivation: Derivation = 'specified',
): Promise<MessageKeys> {
  if (suite.kdf === null) return { aead: await aesGcmOf(engine, dataKey), commitment: NOTHING }
  const length = suite.dataKeyLength
  const [contentKey = NOTHING, commitment = NOTHING] = suite.committing
    ? await engine.hkdf(suite.kdf, dataKey, messageId, [
        { info: deriveKeyInfo(suite), length },
        { info: COMMIT_KEY, length: COMMITMENT_LENGTH },
      ])
    : await engine.hkdf(suite.kdf, dataKey, new Uint8Array(HASH_LENGTH[suite.kdf]), [
        { info: derivation === 'specified' ? joined(suiteIdOf(suite), messageId) : suiteIdOf(suite), length },
      ])
  try {
    return { aead: await aesGcmOf(engine, contentKey), commitment }
  } finally {
    contentKey.fill(0)
  }
}

const suiteIdOf = ({ id }: AlgorithmSuite): Uint8Array => Uint8Array.of(id >> 8, id & 0xff)

const deriveKeyInfos = new Map<AlgorithmSuite, Uint8Array>()

/** The same for every message of a suite. */
function deriveKeyInfo(suite: AlgorithmSuite): Uint8Array {
  const known = deriveKeyInfos.get(suite)
  if (known !== undefined) return known
  const info = joined(suiteIdOf(suite), DERIVE_KEY)
  deriveKeyInfos.set(suite, info)
  return info
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length)
  whole.set(first)
  whole.set(second, first.length)
  return whole
}
