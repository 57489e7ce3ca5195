import { decrypt, encrypt } from '@bongtu/client'
import { defaultEngine } from '@bongtu/crypto'
import { localHsm } from '../local-hsm.ts'
import { rsaHalves } from '../rsa-halves.ts'
import { type KeyRef, OAEP_PADDINGS, type OaepPadding, type Token, type TokenKey } from '../token.ts'

/** What a check of a token found. */
export interface TokenCheck {
  readonly name: string
  readonly passed: boolean
  /** How it passed, or why it did not. */
  readonly detail: string
}

export interface TokenTest {
  readonly checks: readonly TokenCheck[]
  /** Whether the key serves as a keyring: for RSA, with the paddings that passed. */
  readonly serves: boolean
  readonly paddings: readonly OaepPadding[]
}

/** Calls at once: as many as the sessions that a token opens by default, and some that wait. */
const AT_ONCE = 24

/**
 * Tries whether a key of a token can serve as a keyring, by using it: nothing is taken from lists of mechanisms. It makes
 * no key that lasts. A check that fails is an answer; what rejects is that there is no such token or key, or no login.
 */
export async function testToken(token: Token, key: TokenKey): Promise<TokenTest> {
  const checks: TokenCheck[] = [keptInToken(key)]
  const ref = { ...(key.label === '' ? {} : { label: key.label }), ...(key.id.length === 0 ? {} : { id: key.id }) }
  const paddings: OaepPadding[] = []
  if (key.kind === 'aes') {
    checks.push(await attempt('AES-GCM', () => token.aesKey(ref).proof()))
    checks.push(await attempt('messages', () => roundTrips(token, { key: ref })))
  } else {
    checks.push(longEnough(key))
    for (const padding of OAEP_PADDINGS) {
      const found = await attempt(padding, () => opensPadding(token, ref, padding))
      checks.push(found)
      if (found.passed) paddings.push(padding)
    }
    const [padding] = paddings
    if (padding !== undefined) checks.push(await attempt('messages', () => roundTrips(token, { key: ref, padding })))
  }
  const passed = (name: string): boolean => checks.find((each) => each.name === name)?.passed !== false
  const serves = checks.some(({ name }) => name === 'messages') && [KEPT, LENGTH, 'messages'].every(passed)
  return { checks, paddings, serves }
}

const KEPT = 'stays in the token'
const LENGTH = 'length'
/** Shorter moduli are within reach of those who factor them. */
const MIN_RSA_BITS = 2048

function longEnough({ bits }: TokenKey): TokenCheck {
  const passed = bits >= MIN_RSA_BITS
  return {
    name: LENGTH,
    passed,
    detail: passed ? `${bits} bits` : `must be at least ${MIN_RSA_BITS} bits, got ${bits}`,
  }
}

function keptInToken({ sensitive, extractable }: TokenKey): TokenCheck {
  const faults = [...(sensitive ? [] : ['it is not sensitive']), ...(extractable ? ['it is extractable'] : [])]
  const detail = faults.length === 0 ? 'sensitive and not extractable' : faults.join(', and ')
  return { name: KEPT, passed: faults.length === 0, detail }
}

async function opensPadding(token: Token, ref: KeyRef, padding: OaepPadding): Promise<string> {
  const { publicKey } = await rsaHalves({ key: token.rsaKey(ref), padding, engine: defaultEngine })(undefined)
  if (publicKey === null) throw new Error('the token shows no public half to try it with')
  return 'the token opens what its public half encrypts'
}

/** Writes and reads messages with the key as a keyring, many at once, and alters one. */
async function roundTrips(
  token: Token,
  options: { readonly key: KeyRef; readonly padding?: OaepPadding },
): Promise<string> {
  const keyring = localHsm({ token, namespace: 'bongtu', name: 'self-test', ...options })
  const messages = Array.from({ length: AT_ONCE }, async (_, index) => {
    const plaintext = Uint8Array.of(index)
    const { ciphertext } = await encrypt(plaintext, { keyring, encryptionContext: { index: String(index) } })
    const opened = await decrypt(ciphertext, { keyring })
    if (opened.plaintext.length !== 1 || opened.plaintext[0] !== index)
      throw new Error('a message came back as another')
    return ciphertext
  })
  await Promise.all(messages)
  return `${AT_ONCE} written and read at once`
}

async function attempt(name: string, check: () => Promise<string>): Promise<TokenCheck> {
  try {
    return { name, passed: true, detail: await check() }
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) }
  }
}
