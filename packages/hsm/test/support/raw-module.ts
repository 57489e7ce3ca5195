import { type Binding, type Handle, loadBinding } from '../../src/pkcs11/binding.ts'
import * as ck from '../../src/pkcs11/constants.ts'
import type { TestToken } from './softhsm.ts'

/** The module as it is, beside what is tested: it shares login and objects with everything else in the process. */
export interface RawModule {
  readonly binding: Binding
  readonly slot: Handle
  /** A session that is logged in. */
  readonly session: Handle
}

export async function rawModule({ modulePath, label, pin, options }: TestToken): Promise<RawModule> {
  const binding = await loadBinding()
  binding.load(modulePath)
  try {
    const { libraryParameters } = options
    binding.C_Initialize({
      flags: ck.CKF_OS_LOCKING_OK,
      ...(libraryParameters === undefined ? {} : { libraryParameters: `${libraryParameters} ` }),
    })
  } catch (error) {
    if (!(error instanceof Error && error.message === 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) throw error
  }
  const slot = binding.C_GetSlotList(true).find((each) => binding.C_GetTokenInfo(each).label.trimEnd() === label)
  if (slot === undefined) throw new Error(`there is no token ${label}`)
  const session = binding.C_OpenSession(slot, ck.CKF_SERIAL_SESSION | ck.CKF_RW_SESSION)
  try {
    binding.C_Login(session, ck.CKU_USER, pin)
  } catch (error) {
    if (!(error instanceof Error && error.message === 'CKR_USER_ALREADY_LOGGED_IN')) throw error
  }
  return { binding, slot, session }
}

export interface PlantedKey {
  readonly label: string
  readonly id?: Buffer
  readonly sensitive?: boolean
  readonly extractable?: boolean
}

/** Puts an AES key of known value into the token, as a copy of one that is elsewhere too. */
export function plantAesKey(
  { binding, session }: RawModule,
  value: Uint8Array,
  { label, id, sensitive = true, extractable = false }: PlantedKey,
): Handle {
  return binding.C_CreateObject(session, [
    { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
    { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
    { type: ck.CKA_TOKEN, value: true },
    { type: ck.CKA_PRIVATE, value: true },
    { type: ck.CKA_LABEL, value: Buffer.from(label) },
    ...(id === undefined ? [] : [{ type: ck.CKA_ID, value: id }]),
    { type: ck.CKA_SENSITIVE, value: sensitive },
    { type: ck.CKA_EXTRACTABLE, value: extractable },
    { type: ck.CKA_ENCRYPT, value: true },
    { type: ck.CKA_DECRYPT, value: true },
    { type: ck.CKA_VALUE, value: Buffer.from(value) },
  ])
}

/** What reading an attribute throws. */
export function readFailure({ binding, session }: RawModule, object: Handle, type: number): string {
  try {
    binding.C_GetAttributeValue(session, object, [{ type }])
  } catch (error) {
    return error instanceof Error ? error.message : 'no error'
  }
  return 'none: it was read'
}

/** The handles of all objects that the template describes. */
export function find({ binding, session }: RawModule, template: { type: number; value: number | Buffer }[]): Handle[] {
  binding.C_FindObjectsInit(session, template)
  const found = binding.C_FindObjects(session, 100)
  binding.C_FindObjectsFinal(session)
  return found
}

/** Ends the login of the whole process. */
export async function logOut(place: TestToken): Promise<void> {
  const { binding, session } = await rawModule(place)
  binding.C_Logout(session)
  binding.C_CloseSession(session)
}
