import { nodeEngine } from '@bongtu/crypto/node'
import { bitsOfNewKey } from '../key-bits.ts'
import { keyText, type NewKey, type TokenKey } from '../token.ts'
import { TokenError } from '../token-error.ts'
import type { Attribute } from './binding.ts'
import type { Session } from './connection.ts'
import {
  CKA_CLASS,
  CKA_DECRYPT,
  CKA_DERIVE,
  CKA_ENCRYPT,
  CKA_EXTRACTABLE,
  CKA_ID,
  CKA_KEY_TYPE,
  CKA_LABEL,
  CKA_MODULUS_BITS,
  CKA_PRIVATE,
  CKA_PUBLIC_EXPONENT,
  CKA_SENSITIVE,
  CKA_SIGN,
  CKA_TOKEN,
  CKA_UNWRAP,
  CKA_VALUE_LEN,
  CKA_VERIFY,
  CKA_WRAP,
  CKK_AES,
  CKK_RSA,
  CKM_AES_KEY_GEN,
  CKM_RSA_PKCS_KEY_PAIR_GEN,
  CKO_PRIVATE_KEY,
  CKO_PUBLIC_KEY,
  CKO_SECRET_KEY,
} from './constants.ts'
import { requireGcm } from './gcm-probe.ts'
import { findKey, findKeys, names } from './objects.ts'
import { lossOf, returnValue } from './return-values.ts'

const ID_LENGTH = 8
const F4 = Buffer.of(1, 0, 1)

/**
 * What makes a key that stays in the token: sensitive, not extractable, and good for nothing but what it is made for. It
 * may be called again where the session was lost before the answer came: a key that was made is then found.
 */
export function keyGenerator(key: NewKey, signal: AbortSignal | undefined): (session: Session) => Promise<TokenKey> {
  const { kind, label } = key
  const bits = bitsOfNewKey(key)
  const id = nodeEngine.random(ID_LENGTH)
  const named: readonly Attribute[] = [
    { type: CKA_TOKEN, value: true },
    { type: CKA_LABEL, value: Buffer.from(label) },
    { type: CKA_ID, value: Buffer.from(id) },
  ]
  return async (session) => {
    // It may have waited long for others.
    signal?.throwIfAborted()
    if (findKeys(session, kind, { label, id }).length === 0) {
      if (findKeys(session, kind, { label }).length > 0) {
        throw new TokenError('keyExists', `there is an ${names[kind]} labelled ${JSON.stringify(label)} already`)
      }
      await GENERATE[kind](session, named, bits)
    }
    const { handle: _handle, ...made } = findKey(session, kind, { label, id })
    // Tokens have no lock that holds other processes off. None of the keys is destroyed: one may be in use already.
    if (findKeys(session, kind, { label }).length > 1) {
      const what = `an ${names[kind]} labelled ${JSON.stringify(label)}`
      throw new TokenError('severalSuchKeys', `others made ${what} at the same time; this one is ${keyText({ id })}`)
    }
    return made
  }
}

const secret: readonly Attribute[] = [
  { type: CKA_PRIVATE, value: true },
  { type: CKA_SENSITIVE, value: true },
  { type: CKA_EXTRACTABLE, value: false },
  { type: CKA_DECRYPT, value: true },
  // CKA_UNWRAP would let whoever may use the key turn a ciphertext into a key of other properties, and so read it.
  { type: CKA_UNWRAP, value: false },
  { type: CKA_DERIVE, value: false },
]
const signsNothing: Attribute = { type: CKA_SIGN, value: false }
const verifiesNothing: Attribute = { type: CKA_VERIFY, value: false }

/** A key that nothing can be encrypted under is never made. */
async function generateAes(session: Session, named: readonly Attribute[], bits: number): Promise<void> {
  await requireGcm(session)
  const { binding, handle } = session
  await binding.C_GenerateKeyAsync(handle, { mechanism: CKM_AES_KEY_GEN }, [
    ...named,
    ...secret,
    signsNothing,
    verifiesNothing,
    { type: CKA_CLASS, value: CKO_SECRET_KEY },
    { type: CKA_KEY_TYPE, value: CKK_AES },
    { type: CKA_VALUE_LEN, value: bits / 8 },
    { type: CKA_ENCRYPT, value: true },
    { type: CKA_WRAP, value: false },
  ])
}

/** Of a TPM, every RSA key that decrypts also signs, and a template that says otherwise is refused with any return value. */
async function generateRsa(session: Session, named: readonly Attribute[], bits: number): Promise<void> {
  try {
    await generateRsaPair(session, named, bits, true)
  } catch (error) {
    if (returnValue(error) === null || lossOf(error) !== null) throw error
    await generateRsaPair(session, named, bits, false)
  }
}

async function generateRsaPair(
  { binding, handle }: Session,
  named: readonly Attribute[],
  bits: number,
  decryptsAlone: boolean,
): Promise<void> {
  await binding.C_GenerateKeyPairAsync(
    handle,
    { mechanism: CKM_RSA_PKCS_KEY_PAIR_GEN },
    [
      ...named,
      { type: CKA_CLASS, value: CKO_PUBLIC_KEY },
      { type: CKA_KEY_TYPE, value: CKK_RSA },
      { type: CKA_MODULUS_BITS, value: bits },
      { type: CKA_PUBLIC_EXPONENT, value: F4 },
      { type: CKA_ENCRYPT, value: true },
      { type: CKA_WRAP, value: false },
      ...(decryptsAlone ? [verifiesNothing] : []),
    ],
    [
      ...named,
      ...secret,
      ...(decryptsAlone ? [signsNothing] : []),
      { type: CKA_CLASS, value: CKO_PRIVATE_KEY },
      { type: CKA_KEY_TYPE, value: CKK_RSA },
    ],
  )
}

const GENERATE = { aes: generateAes, rsa: generateRsa } as const
