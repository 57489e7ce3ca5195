/** RFC 7512 §2.3: the attributes of PKCS#11 URIs, and what their values look like once decoded. */

export type ObjectType = 'public' | 'private' | 'cert' | 'secret-key' | 'data'

/** What the path says: which module, slot, token and object. Everything that is given must match. */
export interface Pkcs11Path {
  readonly token?: string
  readonly manufacturer?: string
  readonly serial?: string
  readonly model?: string
  readonly libraryManufacturer?: string
  readonly libraryDescription?: string
  /** `2` or `2.6` */
  readonly libraryVersion?: string
  /** The label of the key. */
  readonly object?: string
  readonly type?: ObjectType
  readonly id?: Uint8Array
  readonly slotManufacturer?: string
  readonly slotDescription?: string
  /** A whole number in decimal digits. */
  readonly slotId?: string
}

/** What the query says: how to reach it. */
export interface Pkcs11Query {
  readonly pinSource?: string
  readonly pinValue?: string
  readonly moduleName?: string
  readonly modulePath?: string
}

type Kind = 'text' | 'bytes' | 'type' | 'version' | 'number'

interface AttributeRow {
  readonly name: string
  readonly kind: Kind
}

export const PATH_ATTRIBUTES: { readonly [Member in keyof Required<Pkcs11Path>]: AttributeRow } = {
  token: { name: 'token', kind: 'text' },
  manufacturer: { name: 'manufacturer', kind: 'text' },
  serial: { name: 'serial', kind: 'text' },
  model: { name: 'model', kind: 'text' },
  libraryManufacturer: { name: 'library-manufacturer', kind: 'text' },
  libraryDescription: { name: 'library-description', kind: 'text' },
  libraryVersion: { name: 'library-version', kind: 'version' },
  object: { name: 'object', kind: 'text' },
  type: { name: 'type', kind: 'type' },
  id: { name: 'id', kind: 'bytes' },
  slotManufacturer: { name: 'slot-manufacturer', kind: 'text' },
  slotDescription: { name: 'slot-description', kind: 'text' },
  slotId: { name: 'slot-id', kind: 'number' },
}

export const QUERY_ATTRIBUTES: { readonly [Member in keyof Required<Pkcs11Query>]: AttributeRow } = {
  pinSource: { name: 'pin-source', kind: 'text' },
  pinValue: { name: 'pin-value', kind: 'text' },
  moduleName: { name: 'module-name', kind: 'text' },
  modulePath: { name: 'module-path', kind: 'text' },
}

/** What the decoded value of a kind must look like, where that is not any text. */
export const FORMS: { readonly [K in Kind]?: { readonly form: RegExp; readonly says: string } } = {
  type: { form: /^(?:public|private|cert|secret-key|data)$/, says: 'is public, private, cert, secret-key or data' },
  version: { form: /^\d{1,3}(?:\.\d{1,3})?$/, says: 'is a number such as 2 or 2.6' },
  number: { form: /^\d{1,20}$/, says: 'is a whole number' },
}
