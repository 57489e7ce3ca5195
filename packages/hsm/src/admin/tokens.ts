import {
  CKF_LOGIN_REQUIRED,
  CKF_TOKEN_INITIALIZED,
  CKF_USER_PIN_INITIALIZED,
  CKM_AES_GCM,
  CKM_AES_KEY_GEN,
  CKM_RSA_PKCS_KEY_PAIR_GEN,
  CKM_RSA_PKCS_OAEP,
} from '../pkcs11/constants.ts'
import type { Module, ModuleLocation } from '../pkcs11/modules.ts'
import { openSharedModule } from '../pkcs11/modules.ts'
import { type PinState, pinState } from '../pkcs11/pin-flags.ts'
import { tokenError } from '../pkcs11/return-values.ts'
import { hasFlag, pathOf, tokenSlots, unpadded } from '../pkcs11/slots.ts'
import { formatPkcs11Uri } from '../pkcs11/uri.ts'

/** What a token says of itself to anyone, without a login. */
export interface TokenSummary {
  /** Names the token alone: `pkcs11:token=…;manufacturer=…;serial=…;model=…`. */
  readonly uri: string
  readonly label: string
  readonly manufacturer: string
  readonly model: string
  readonly serial: string
  readonly slot: string
  readonly initialized: boolean
  readonly loginRequired: boolean
  readonly pin: PinState | 'not set'
  readonly soPin: PinState
  /** The mechanisms that a keyring may need and the token claims to have. Whether they work, `testToken` tells. */
  readonly mechanisms: readonly string[]
}

const MECHANISMS: Readonly<Record<string, number>> = {
  'AES-GCM': CKM_AES_GCM,
  'AES key generation': CKM_AES_KEY_GEN,
  'RSA-OAEP': CKM_RSA_PKCS_OAEP,
  'RSA key generation': CKM_RSA_PKCS_KEY_PAIR_GEN,
}

/** Every token that a PKCS#11 module reaches, initialized or not. Asks for no PIN. */
export async function listTokens(location: ModuleLocation): Promise<readonly TokenSummary[]> {
  const { binding }: Module = await openSharedModule(location)
  try {
    return tokenSlots(binding).map((token) => {
      const { info, id, slot } = token
      const offered = new Set(binding.C_GetMechanismList(slot))
      return {
        uri: formatPkcs11Uri({ path: pathOf(token) }),
        label: unpadded(info.label),
        manufacturer: unpadded(info.manufacturerID),
        model: unpadded(info.model),
        serial: unpadded(info.serialNumber),
        slot: id,
        initialized: hasFlag(info, CKF_TOKEN_INITIALIZED),
        loginRequired: hasFlag(info, CKF_LOGIN_REQUIRED),
        pin: hasFlag(info, CKF_USER_PIN_INITIALIZED) ? pinState(info, 'user') : 'not set',
        soPin: pinState(info, 'security officer'),
        mechanisms: Object.keys(MECHANISMS).filter((name) => offered.has(MECHANISMS[name] ?? 0)),
      }
    })
  } catch (error) {
    throw tokenError(error, `listing the tokens of ${location.path}`)
  }
}
