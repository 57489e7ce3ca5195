import { IV_LENGTH } from '@bongtu/crypto'
import { nodeEngine } from '@bongtu/crypto/node'
import { TokenError } from '../token-error.ts'
import type { Attribute, Handle } from './binding.ts'
import type { Session } from './connection.ts'
import {
  CKA_CLASS,
  CKA_DECRYPT,
  CKA_ENCRYPT,
  CKA_KEY_TYPE,
  CKA_TOKEN,
  CKA_VALUE,
  CKA_VALUE_LEN,
  CKK_AES,
  CKM_AES_GCM,
  CKM_AES_KEY_GEN,
  CKO_SECRET_KEY,
} from './constants.ts'
import { GCM_VARIANTS, type GcmVariant, openInToken, sealInToken } from './gcm.ts'
import { lossOf, returnValue } from './return-values.ts'

/** How a token does AES-GCM, and how that is known. */
export interface GcmCapability {
  readonly variant: GcmVariant
  /**
   * `known-answer`: its ciphertexts are those of this process under a key that both had. `round-trip`: it takes no key from
   * outside, so it was seen to open its own ciphertexts and to refuse altered ones.
   */
  readonly proof: 'known-answer' | 'round-trip'
}

const PLAINTEXT = Uint8Array.from({ length: 32 }, (_, at) => at)
const AADS = [new Uint8Array(0), Uint8Array.from({ length: 100 }, (_, at) => 255 - at)]

interface ProbeKey {
  readonly handle: Handle
  /** Its value, where it came from here. */
  readonly value: Uint8Array | null
  /** Whether it was made for the probe, in this session alone. */
  readonly made: boolean
}

/**
 * Finds by trying how this token does AES-GCM: mechanism numbers tell too little. It tries a key made for that purpose,
 * which goes with the session; where the token makes none, it tries `realKey`, and then never under an initialisation
 * vector of zeros, which some token might take as it is. Throws `unsupported` where nothing works.
 */
export async function probeGcm(session: Session, realKey: Handle): Promise<GcmCapability> {
  return probeWith(session, (await probeKey(session)) ?? { handle: realKey, value: null, made: false })
}

/**
 * Throws `unsupported` where a key that is yet to be made would be of no use. Where the token makes no key for the probe,
 * its list of mechanisms is believed.
 */
export async function requireGcm(session: Session): Promise<void> {
  const key = await probeKey(session)
  if (key !== null) await probeWith(session, key)
  else if (!session.binding.C_GetMechanismList(session.slot).includes(CKM_AES_GCM)) {
    throw new TokenError('unsupported', 'the token does not offer AES-GCM, without which an AES key is of no use here')
  }
}

async function probeWith(session: Session, key: ProbeKey): Promise<GcmCapability> {
  const tried: string[] = []
  try {
    for (const variant of GCM_VARIANTS.filter(({ ivFrom }) => key.made || ivFrom === 'process')) {
      const failure = await failureOf(session, key, variant)
      if (failure === null) return { variant, proof: key.value === null ? 'round-trip' : 'known-answer' }
      tried.push(`${variant.name}: ${failure}`)
    }
  } finally {
    key.value?.fill(0)
    if (key.made) destroy(session, key.handle)
  }
  throw new TokenError('unsupported', `the token does not do AES-GCM as its standard says (${tried.join('; ')})`)
}

/** Why the variant is not what it should be, or `null`. */
async function failureOf(session: Session, key: ProbeKey, variant: GcmVariant): Promise<string | null> {
  try {
    for (const aad of AADS) {
      const failure =
        (await failureAlone(session, key, variant, aad)) ?? (await failureBeside(session, key, variant, aad))
      if (failure !== null) return failure
    }
    return null
  } catch (error) {
    if (lossOf(error) !== null) throw error
    return returnValue(error) ?? (error instanceof Error ? error.message : 'failed')
  }
}

async function failureAlone(
  session: Session,
  { handle }: ProbeKey,
  variant: GcmVariant,
  aad: Uint8Array,
): Promise<string | null> {
  const sealed = await sealInToken(session, handle, variant, PLAINTEXT, aad)
  const opened = await openInToken(session, handle, variant, sealed, aad)
  if (opened === null || !nodeEngine.equal(opened, PLAINTEXT)) return 'does not open what it sealed'
  const otherAad = Uint8Array.of(...aad, 0)
  if ((await openInToken(session, handle, variant, sealed, otherAad)) !== null) return 'ignores additional data'
  for (const at of [0, sealed.ciphertext.length - 1]) {
    const ciphertext = sealed.ciphertext.slice()
    ciphertext[at] = (ciphertext[at] ?? 0) ^ 1
    if ((await openInToken(session, handle, variant, { ...sealed, ciphertext }, aad)) !== null) {
      return 'opens what was altered'
    }
  }
  return null
}

/** The same beside the engine of this process, where it has the key too. */
async function failureBeside(
  session: Session,
  { handle, value }: ProbeKey,
  variant: GcmVariant,
  aad: Uint8Array,
): Promise<string | null> {
  if (value === null) return null
  const ours = nodeEngine.aesGcm(value)
  const theirs = await sealInToken(session, handle, variant, PLAINTEXT, aad)
  if (!nodeEngine.equal(theirs.ciphertext, ours.seal(theirs.iv, PLAINTEXT, aad)))
    return 'seals to other bytes than AES-GCM'
  const iv = nodeEngine.random(IV_LENGTH)
  const opened = await openInToken(session, handle, variant, { iv, ciphertext: ours.seal(iv, PLAINTEXT, aad) }, aad)
  return opened !== null && nodeEngine.equal(opened, PLAINTEXT) ? null : 'does not open what AES-GCM sealed'
}

const usage: readonly Attribute[] = [
  { type: CKA_CLASS, value: CKO_SECRET_KEY },
  { type: CKA_KEY_TYPE, value: CKK_AES },
  { type: CKA_TOKEN, value: false },
  { type: CKA_ENCRYPT, value: true },
  { type: CKA_DECRYPT, value: true },
]

/** A key of known value where the token takes one, else a fresh one of its own, else `null`. */
async function probeKey({ binding, handle: session }: Session): Promise<ProbeKey | null> {
  const value = nodeEngine.random(32)
  const clear = Buffer.from(value)
  try {
    const handle = binding.C_CreateObject(session, [...usage, { type: CKA_VALUE, value: clear }])
    return { handle, value, made: true }
  } catch (error) {
    value.fill(0)
    if (lossOf(error) !== null) throw error
  } finally {
    clear.fill(0)
  }
  try {
    const template = [...usage, { type: CKA_VALUE_LEN, value: 32 }]
    const handle = await binding.C_GenerateKeyAsync(session, { mechanism: CKM_AES_KEY_GEN }, template)
    return { handle, value: null, made: true }
  } catch (error) {
    if (lossOf(error) !== null) throw error
    return null
  }
}

function destroy({ binding, handle: session }: Session, key: Handle): void {
  try {
    binding.C_DestroyObject(session, key)
  } catch {
    // It goes with the session.
  }
}
