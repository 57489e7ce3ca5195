import { TokenError } from '../token-error.ts'
import type { Binding, Handle, ModuleInfo, SlotInfo, TokenInfo } from './binding.ts'
import { CKF_TOKEN_INITIALIZED } from './constants.ts'
import { isReturn, returnValue } from './return-values.ts'
import { formatPkcs11Uri } from './uri.ts'
import type { Pkcs11Path } from './uri-attributes.ts'

/** A slot with a token in it. */
export interface TokenSlot {
  readonly slot: Handle
  readonly id: string
  readonly info: TokenInfo
  readonly slotInfo: SlotInfo
  readonly moduleInfo: ModuleInfo
}

export const hasFlag = ({ flags }: TokenInfo, flag: number): boolean => (flags & flag) !== 0

/** Fields of fixed width are padded with blanks, and by some modules with zeros. */
export const unpadded = (text: string): string => text.replace(/[\0 ]+$/, '')

/**
 * Every slot that has a token, whether it was initialized or not. A slot that does not tell of its token is left out, and
 * `failed` is given the reason: the tokens in the other slots can be used all the same.
 */
export function tokenSlots(binding: Binding, failed: (error: unknown) => void = () => {}): TokenSlot[] {
  const moduleInfo = binding.C_GetInfo()
  return binding.C_GetSlotList(true).flatMap((slot) => {
    try {
      const info = binding.C_GetTokenInfo(slot)
      return [{ slot, id: slotId(slot), info, slotInfo: binding.C_GetSlotInfo(slot), moduleInfo }]
    } catch (error) {
      if (returnValue(error) === null || isReturn(error, 'CKR_CRYPTOKI_NOT_INITIALIZED')) throw error
      failed(error)
      return []
    }
  })
}

/** The one initialized token that the path describes. Throws `noSuchToken` and `severalSuchTokens`. */
export function findToken(binding: Binding, path: Pkcs11Path): TokenSlot {
  let cause: unknown
  const slots = tokenSlots(binding, (error) => {
    cause = error
  })
  const found = slots.filter((each) => hasFlag(each.info, CKF_TOKEN_INITIALIZED) && matches(each, path))
  const [one] = found
  if (one === undefined) {
    const failed = cause === undefined ? '' : `, and a slot does not tell of its token (${returnValue(cause)})`
    throw new TokenError(
      'noSuchToken',
      `there is no token ${tokenName(path)}${failed}; \`bongtu hsm list\` shows those there are`,
      cause === undefined ? undefined : { cause },
    )
  }
  if (found.length > 1) {
    const names = found.map(({ info }) => `${unpadded(info.label)} (serial ${unpadded(info.serialNumber)})`)
    throw new TokenError('severalSuchTokens', `${tokenName(path)} may be any of ${names.join(', ')}; say more of it`)
  }
  return one
}

/** Whether the token is still in its slot, as far as the module tells. */
export function isPresent(binding: Binding, { slot, info }: TokenSlot): boolean {
  try {
    const { label, serialNumber } = binding.C_GetTokenInfo(slot)
    return label === info.label && serialNumber === info.serialNumber
  } catch {
    return false
  }
}

/** How messages name a token: what the URI says of it, without key and query. */
export function tokenName({ object: _object, type: _type, id: _id, ...token }: Pkcs11Path): string {
  return formatPkcs11Uri({ path: token })
}

/** The path that describes this token and, on machines with one such module, no other. */
export const pathOf = ({ info }: TokenSlot): Pkcs11Path => ({
  token: unpadded(info.label),
  serial: unpadded(info.serialNumber),
  manufacturer: unpadded(info.manufacturerID),
  model: unpadded(info.model),
})

function matches({ id, info, slotInfo, moduleInfo }: TokenSlot, path: Pkcs11Path): boolean {
  const { major, minor } = moduleInfo.libraryVersion
  const actual: { readonly [Member in keyof Pkcs11Path]: readonly string[] } = {
    token: [unpadded(info.label)],
    manufacturer: [unpadded(info.manufacturerID)],
    serial: [unpadded(info.serialNumber)],
    model: [unpadded(info.model)],
    libraryManufacturer: [unpadded(moduleInfo.manufacturerID)],
    libraryDescription: [unpadded(moduleInfo.libraryDescription)],
    libraryVersion: [`${major}.${minor}`, ...(minor === 0 ? [`${major}`] : [])],
    slotManufacturer: [unpadded(slotInfo.manufacturerID)],
    slotDescription: [unpadded(slotInfo.slotDescription)],
    slotId: [id],
  }
  return Object.entries(actual).every(([member, values]) => {
    const wanted = path[member as keyof Pkcs11Path]
    return wanted === undefined || values.some((value) => value === wanted)
  })
}

/** Slot ids are C longs, which pkcs11js shows as their bytes. */
function slotId(slot: Handle): string {
  return (slot.length === 8 ? slot.readBigUInt64LE() : BigInt(slot.readUInt32LE())).toString()
}
