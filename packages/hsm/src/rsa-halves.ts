import type { Engine, KeyInput, RsaPublicKey } from '@bongtu/crypto'
import type { RsaKeys } from '@bongtu/keyrings/raw-layout'
import type { OaepPadding, RsaTokenKey } from './token.ts'
import { TokenError } from './token-error.ts'

export interface RsaHalvesOptions {
  readonly key: RsaTokenKey
  readonly padding: OaepPadding
  readonly publicKey?: KeyInput
  readonly engine: Engine
}

/** No longer than the shortest data key, so that what fits it fits this. */
const PROBE_LENGTH = 16

interface Halves {
  readonly publicKey: RsaPublicKey | null
  readonly modulusLength: number
}

/**
 * The public half outside and the private one in its token. Before they are first used, the token opens what the public
 * half encrypted: it shows that the two are a pair, so that nothing is encrypted for a key that somebody put beside the
 * token's, and that the token does this padding.
 */
export function rsaHalves(options: RsaHalvesOptions): (signal: AbortSignal | undefined) => Promise<RsaKeys> {
  const { key, padding } = options
  let known: Halves | null = null
  return async (signal) => {
    known ??= await checkedHalves(options, signal)
    const { publicKey, modulusLength } = known
    return {
      publicKey,
      privateKey: { modulusLength, decrypt: (_padding, ciphertext) => key.decrypt(padding, ciphertext, signal) },
    }
  }
}

async function checkedHalves(
  { key, padding, engine, publicKey: given }: RsaHalvesOptions,
  signal: AbortSignal | undefined,
): Promise<Halves> {
  const publicKey = given === undefined ? await key.publicKey(signal) : await engine.importRsaPublicKey(given)
  const modulusLength = await key.modulusLength(signal)
  if (publicKey !== null) {
    const probe = engine.random(PROBE_LENGTH)
    const answer = await key.decrypt(padding, await publicKey.encrypt(padding, probe), signal)
    if (answer === null || !engine.equal(answer, probe)) {
      throw new TokenError(
        'unsupported',
        `the token does not open what the public key encrypts with ${padding}: it belongs to another key, or the token ` +
          'does this padding otherwise',
      )
    }
  }
  return { publicKey, modulusLength }
}
