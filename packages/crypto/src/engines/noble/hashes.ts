import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'

/** Indexed by HashName. */
export const HASHES = { sha256, sha384, sha512 } as const
