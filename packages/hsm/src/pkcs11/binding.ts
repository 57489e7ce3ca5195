import { TokenError } from '../token-error.ts'
import { guarded } from './blocking.ts'

/** What pkcs11js answers for slots, sessions and objects: the bytes of a C long. */
export type Handle = Buffer

export interface Attribute {
  readonly type: number
  readonly value?: number | boolean | string | Buffer
}

export interface Mechanism {
  readonly mechanism: number
  readonly parameter?: GcmParameter | OaepParameter
}

/** `iv` is read and, by tokens that choose their own, written: it is the very memory that the module sees. */
export interface GcmParameter {
  readonly type: number
  readonly iv: Buffer
  readonly aad?: Buffer
  readonly ivBits: number
  readonly tagBits: number
}

export interface OaepParameter {
  readonly type: number
  readonly hashAlg: number
  readonly mgf: number
  readonly source: number
}

export interface TokenInfo {
  readonly label: string
  readonly manufacturerID: string
  readonly model: string
  readonly serialNumber: string
  readonly flags: number
  readonly maxSessionCount: number
  readonly minPinLen: number
  readonly maxPinLen: number
}

export interface SlotInfo {
  readonly slotDescription: string
  readonly manufacturerID: string
}

export interface ModuleInfo {
  readonly manufacturerID: string
  readonly libraryDescription: string
  readonly libraryVersion: { readonly major: number; readonly minor: number }
}

/** The part of a PKCS#11 module, as pkcs11js shows it, that is used here. Failures are thrown as `CKR_…` errors. */
export interface Binding {
  load(path: string): void
  C_Initialize(options: { readonly flags: number; readonly libraryParameters?: string }): void
  C_Finalize(): void
  C_GetInfo(): ModuleInfo
  C_GetSlotList(tokenPresent: boolean): Handle[]
  C_GetSlotInfo(slot: Handle): SlotInfo
  C_GetTokenInfo(slot: Handle): TokenInfo
  C_InitToken(slot: Handle, pin: string, label: string): string
  C_InitPIN(session: Handle, pin: string): void
  C_GetMechanismList(slot: Handle): number[]
  C_OpenSession(slot: Handle, flags: number): Handle
  C_CloseSession(session: Handle): void
  C_GetSessionInfo(session: Handle): { readonly state: number }
  C_Login(session: Handle, userType: number, pin?: string): void
  C_Logout(session: Handle): void
  C_CreateObject(session: Handle, template: Attribute[]): Handle
  C_DestroyObject(session: Handle, object: Handle): void
  C_FindObjectsInit(session: Handle, template: Attribute[]): void
  C_FindObjects(session: Handle, maxObjectCount: number): Handle[]
  C_FindObjectsFinal(session: Handle): void
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: Attribute[],
  ): { readonly type: number; readonly value: Buffer }[]
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_EncryptAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void
  C_DecryptAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>
  C_GenerateKeyAsync(session: Handle, mechanism: Mechanism, template: Attribute[]): Promise<Handle>
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: Mechanism,
    publicTemplate: Attribute[],
    privateTemplate: Attribute[],
  ): Promise<{ readonly publicKey: Handle; readonly privateKey: Handle }>
}

/** Loads pkcs11js, which is an optional dependency: it is compiled when it is installed. */
export async function loadBinding(): Promise<Binding> {
  try {
    const { default: pkcs11js } = await import('pkcs11js')
    return guarded(new pkcs11js.PKCS11())
  } catch (cause) {
    throw new TokenError(
      'noBinding',
      'PKCS#11 tokens need the optional package pkcs11js, which is not installed or was not built here: run ' +
        '`npm install pkcs11js` where a C++ compiler, make and Python are, or use an embedded token',
      { cause },
    )
  }
}
