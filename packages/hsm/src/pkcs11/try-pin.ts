import { TokenError } from '../token-error.ts'
import type { Binding, Handle, TokenInfo } from './binding.ts'
import { type PinOwner, pinState } from './pin-flags.ts'
import type { PinGate } from './pin-gate.ts'
import type { RefusedPins } from './refused-pins.ts'
import { isReturn } from './return-values.ts'
import { unpadded } from './slots.ts'

/** What is known of PINs that were refused before. */
export interface PinMemory {
  /** Of earlier processes; absent, nothing is known of them. */
  readonly refusedPins?: RefusedPins
  /** Tries a PIN though one was refused before. The last try is not used all the same. */
  readonly retryPin?: boolean
}

export interface PinTry extends PinMemory {
  readonly binding: Binding
  readonly pinGate: PinGate
  readonly slot: Handle
  /** How messages name the token. */
  readonly name: string
  readonly owner: PinOwner
  /** Asked only where a PIN may be tried. */
  readonly pin: () => string | Promise<string>
  readonly use: (pin: string) => void
}

/**
 * Tries a PIN, unless that could lock the token. Throws `pinLocked` where the PIN is locked or has one try left, and
 * `wrongPin` where this PIN was refused in this process before, or any in another one, as far as the token or
 * `refusedPins` tell. Of the security officer's PIN, one refusal that the token tells of is enough: few tokens give more
 * than three tries, and no other PIN unlocks it.
 */
export async function tryPin(attempt: PinTry): Promise<void> {
  const { binding, pinGate, slot, name, owner, refusedPins, retryPin = false, use } = attempt
  const info = binding.C_GetTokenInfo(slot)
  const identity = identityOf(info)
  const state = pinState(info, owner)
  if (state === 'locked' || state === 'one try left') throw locked(name, owner, state)
  const wasRefused = (await refusedPins?.has(identity, owner)) ?? false
  if (!retryPin && (wasRefused || (owner === 'security officer' && state === 'wrong before'))) {
    throw refusedBefore(name, owner)
  }
  const pin = await attempt.pin()
  pinGate.check(`${identity} (${owner})`, pin)
  try {
    use(pin)
  } catch (error) {
    if (!isReturn(error, 'CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE')) throw error
    pinGate.refuse(`${identity} (${owner})`, pin)
    const tells = pinState(binding.C_GetTokenInfo(slot), owner) !== 'ok'
    if (!tells) await refusedPins?.remember(identity, owner)
    throw error
  }
  if (wasRefused) await refusedPins?.forget(identity, owner)
}

const identityOf = ({ manufacturerID, serialNumber, label }: TokenInfo): string =>
  [manufacturerID, serialNumber, label].map(unpadded).join(' ')

const THEIRS: Readonly<Record<PinOwner, string>> = { user: 'PIN', 'security officer': "security officer's PIN" }

function locked(name: string, owner: PinOwner, state: 'locked' | 'one try left'): TokenError {
  const text =
    state === 'locked'
      ? `the ${THEIRS[owner]} of ${name} is locked`
      : `one more wrong PIN would lock the ${THEIRS[owner]} of ${name}, so none is tried: log in once with the tool of its maker`
  return new TokenError('pinLocked', text)
}

const refusedBefore = (name: string, owner: PinOwner): TokenError =>
  new TokenError(
    'wrongPin',
    `${name} refused a ${THEIRS[owner]} before, and a few wrong ones lock it: make sure that the PIN is right, and say so ` +
      'with `retryPin`, or on the command line with `bongtu hsm list … --retry-pin`',
  )
