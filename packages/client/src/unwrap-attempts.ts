import { BongtuError, type EncryptedDataKey, type UnwrapAttempt } from '@bongtu/message-format'
import type { Keyring, PassedOver } from './keyring.ts'

const nameOf = (keyring: Keyring): string => keyring.name ?? 'the keyring'

/** Which encrypted data keys were tried where, and why none of them opened. */
export class UnwrapAttempts {
  readonly #list: UnwrapAttempt[] = []
  #asked = 'the keyring'

  recorder(asked: Keyring): PassedOver {
    this.#asked = nameOf(asked)
    return (encryptedDataKey, reason, cause, keyring = nameOf(asked)) => {
      const attempt = { encryptedDataKey, keyring, reason }
      this.#list.push(cause === undefined ? attempt : { ...attempt, cause })
    }
  }

  /** A throw counts as a failure of everything that the keyring had not reported yet. */
  failed(keyring: Keyring, encryptedDataKeys: readonly EncryptedDataKey[], cause: unknown): void {
    const record = this.recorder(keyring)
    const reason = cause instanceof Error ? `failed: ${cause.message}` : 'failed'
    for (const key of this.#unreported(encryptedDataKeys)) record(key, reason, cause)
  }

  /** The list of a message that nothing opened: a keyring that said nothing of a key is in it too. */
  complete(encryptedDataKeys: readonly EncryptedDataKey[]): readonly UnwrapAttempt[] {
    for (const encryptedDataKey of this.#unreported(encryptedDataKeys)) {
      this.#list.push({ encryptedDataKey, keyring: this.#asked, reason: 'passed over without a reason' })
    }
    return this.#list
  }

  #unreported(encryptedDataKeys: readonly EncryptedDataKey[]): EncryptedDataKey[] {
    const reported = new Set(this.#list.map((attempt) => attempt.encryptedDataKey))
    return encryptedDataKeys.filter((key) => !reported.has(key))
  }
}

/** How many attempts the message spells out; `attempts` has them all. */
const SPELLED_OUT = 10

const decoder = new TextDecoder()

/** Names an encrypted data key without trusting it: quoted, cut short, and nothing in it that a terminal obeys. */
function describe({ providerId, keyInfo }: EncryptedDataKey): string {
  return JSON.stringify(`${printable(providerId)}/${printable(decoder.decode(keyInfo))}`.slice(0, 200))
}

/** Up to the first character that is not printable ASCII: what follows the name in a raw key's info is binary. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e].*$/su, '…')

/** ERR_NO_KEY, with every encrypted data key against every keyring that was asked. */
export function noKeyOpened(
  attempts: UnwrapAttempts,
  encryptedDataKeys: readonly EncryptedDataKey[],
  hint: string | undefined,
): BongtuError {
  const list = attempts.complete(encryptedDataKeys)
  const lines = list
    .slice(0, SPELLED_OUT)
    .map(({ encryptedDataKey, keyring, reason }) => `\n  ${describe(encryptedDataKey)} with ${keyring}: ${reason}`)
  const more = list.length > SPELLED_OUT ? `\n  and ${list.length - SPELLED_OUT} more, in attempts` : ''
  const advice = hint === undefined ? '' : `\n${hint}`
  const count = encryptedDataKeys.length
  const subject = count === 1 ? 'its one encrypted data key' : `any of its ${count} encrypted data keys`
  return new BongtuError('ERR_NO_KEY', `no keyring opened ${subject}:${lines.join('')}${more}${advice}`, {
    attempts: list,
  })
}
