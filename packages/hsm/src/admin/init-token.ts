import type { Binding, Handle, TokenInfo } from '../pkcs11/binding.ts'
import {
  CKF_RW_SESSION,
  CKF_SERIAL_SESSION,
  CKF_TOKEN_INITIALIZED,
  CKF_USER_PIN_INITIALIZED,
  CKU_SO,
} from '../pkcs11/constants.ts'
import { type Module, type ModuleLocation, openSharedModule } from '../pkcs11/modules.ts'
import { tokenError } from '../pkcs11/return-values.ts'
import { findToken, hasFlag, pathOf, type TokenSlot, tokenName, tokenSlots, unpadded } from '../pkcs11/slots.ts'
import { type PinMemory, tryPin } from '../pkcs11/try-pin.ts'
import { formatPkcs11Uri } from '../pkcs11/uri.ts'
import { TokenError } from '../token-error.ts'

export interface NewToken extends ModuleLocation, PinMemory {
  /** 1 to 32 bytes, of which the last is no blank: tokens fill theirs up with blanks. */
  readonly label: string
  /** The PIN of the security officer, who can set a new one for the user. */
  readonly soPin: string
  /** The PIN of the user, who uses the keys. */
  readonly pin: string
  /** Which slot, where several have a token that was not initialized. */
  readonly slot?: string
}

const LABEL_LENGTH = 32

/** Does what needs the PIN of the security officer, unless trying it could lock the token. */
type AsOfficer = (slot: Handle, use: (pin: string) => void) => Promise<void>

/**
 * Makes a token in a slot whose token was never initialized, and answers its URI. One that holds keys is never made anew:
 * `tokenExists`, as where another token has the label; but a token of the label that has no PIN of its user yet, as one
 * whose making was broken off, is given it. `noSuchToken` where there is no such slot. PINs that the token would not take
 * are a RangeError before anything is done. The security officer's PIN is not tried where that could lock it: `pinLocked`
 * where it is locked or has one try left, and `wrongPin` where one was refused before and `retryPin` does not say that this
 * one is right.
 */
export function initToken(token: NewToken): Promise<string> {
  return initTokenOn(openSharedModule, token)
}

/** `initToken` on modules that are opened by `openModule`. */
export async function initTokenOn(
  openModule: (location: ModuleLocation) => Promise<Module>,
  { label, soPin, pin, slot: wanted, refusedPins, retryPin, ...location }: NewToken,
): Promise<string> {
  if (label === '' || unpadded(label) !== label || Buffer.byteLength(label) > LABEL_LENGTH) {
    throw new RangeError(`initToken: the label of a token has 1 to ${LABEL_LENGTH} bytes, and no blank at its end`)
  }
  if (soPin === '' || pin === '') throw new RangeError('initToken: a PIN is not empty')
  const { binding, pinGate } = await openModule(location)
  const asOfficer: AsOfficer = (slot, use) =>
    tryPin({
      binding,
      pinGate,
      slot,
      name: tokenName({ token: label }),
      owner: 'security officer',
      pin: () => soPin,
      use,
      ...(refusedPins === undefined ? {} : { refusedPins }),
      ...(retryPin === undefined ? {} : { retryPin }),
    })
  try {
    const { slot, info } = slotFor(binding, label, wanted)
    requireFit(info, { 'PIN of the security officer': soPin, 'PIN of the user': pin })
    if (!hasFlag(info, CKF_TOKEN_INITIALIZED)) {
      // Some tokens have a PIN of the security officer from the factory, and count the wrong ones here already.
      await asOfficer(slot, (officer) => binding.C_InitToken(slot, officer, padded(label)))
    }
    // Modules may give the slot another id once its token is initialized.
    const made = findToken(binding, { token: label })
    await setPin(binding, made.slot, pin, asOfficer)
    return formatPkcs11Uri({ path: pathOf(made) })
  } catch (error) {
    throw tokenError(error, `initializing the token ${JSON.stringify(label)}`)
  }
}

/** Checked before: once the token is initialized, a PIN that it refuses would leave it with none. */
function requireFit({ minPinLen, maxPinLen }: TokenInfo, pins: Readonly<Record<string, string>>): void {
  // Some tokens tell no bound.
  const most = maxPinLen === 0 ? Number.POSITIVE_INFINITY : maxPinLen
  for (const [name, value] of Object.entries(pins)) {
    const length = Buffer.byteLength(value)
    if (length >= minPinLen && length <= most) continue
    throw new RangeError(`initToken: the ${name} has ${minPinLen} to ${most} bytes in this token`)
  }
}

/** The standard takes 32 bytes, and pkcs11js hands on what it is given: of a shorter label, memory behind it would be read. */
const padded = (label: string): string => label + ' '.repeat(LABEL_LENGTH - Buffer.byteLength(label))

/** A slot whose token was never initialized, or that of the token of the label where it lacks nothing but its PIN. */
function slotFor(binding: Binding, label: string, wanted: string | undefined): TokenSlot {
  const slots = tokenSlots(binding)
  const isInitialized = ({ info }: TokenSlot): boolean => hasFlag(info, CKF_TOKEN_INITIALIZED)
  const candidates = slots.filter(({ id }) => wanted === undefined || id === wanted)
  const same = slots.find((each) => isInitialized(each) && unpadded(each.info.label) === label)
  if (same !== undefined) {
    if (candidates.includes(same) && !hasFlag(same.info, CKF_USER_PIN_INITIALIZED)) return same
    throw new TokenError('tokenExists', `there is a token labelled ${JSON.stringify(label)} already`)
  }
  const [free, ...others] = candidates.filter((each) => !isInitialized(each))
  if (free === undefined) {
    if (candidates.length === 0) throw new TokenError('noSuchToken', 'there is no such slot with a token in it')
    throw new TokenError(
      'tokenExists',
      'every token here is initialized, and initializing one again would destroy its keys: that is for the tool of its maker',
    )
  }
  if (others.length > 0)
    throw new TokenError('severalSuchTokens', 'several slots have a token to initialize: name the slot')
  return free
}

async function setPin(binding: Binding, slot: Handle, pin: string, asOfficer: AsOfficer): Promise<void> {
  const session = binding.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION)
  try {
    await asOfficer(slot, (officer) => binding.C_Login(session, CKU_SO, officer))
    binding.C_InitPIN(session, pin)
    binding.C_Logout(session)
  } finally {
    binding.C_CloseSession(session)
  }
}
