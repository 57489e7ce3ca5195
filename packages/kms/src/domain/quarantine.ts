import { insert, remove } from '../store/kind.ts'
import type { Material } from '../store/material.ts'
import type { Kind, Store, Write } from '../store/store.ts'

/** A stored key token that does not open. Its record stays as it is, and every walk tries it again. */
export interface QuarantinedToken {
  /** The id of its material: `account/region/keyId/sequence`. */
  readonly id: string
  /** The domain key that its index says it is under: 32 hex digits, or `damaged`. */
  readonly domainKey: string
  /** `damaged`: the record itself cannot be read. */
  readonly reason: 'invalidToken' | 'unknownDomainKey' | 'damaged'
}

/** Says that an operator has given a token up: it no longer keeps its domain key in the ring. The token itself stays. */
interface GivenUp {
  readonly id: string
}

const givenUpTokens: Kind<GivenUp> = { name: 'given-up-token', id: ({ id }) => id }

export const isGivenUp = async (store: Store, id: string): Promise<boolean> =>
  (await store.get(givenUpTokens, id)) !== undefined

/** Notes that a token is given up, once. */
export async function giveUp(store: Store, id: string): Promise<void> {
  if (!(await isGivenUp(store, id))) await store.commit([insert(givenUpTokens, { id })])
}

/** Takes the note back, for a token that opened after all. */
export async function takenBack(store: Store, id: string): Promise<Write[]> {
  const note = await store.get(givenUpTokens, id)
  return note === undefined ? [] : [remove(givenUpTokens, id, note.version)]
}

/** The KMS key of a material, from the material's id. */
export function keyOfToken(id: string): Pick<Material, 'account' | 'region' | 'keyId'> {
  const [account = '', region = '', keyId = ''] = id.split('/')
  return { account, region, keyId }
}
