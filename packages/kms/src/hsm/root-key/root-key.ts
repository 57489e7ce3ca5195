/**
 * What seals the ring of domain keys outside the HSM. A root key in a PKCS#11 token seals there, and is never in clear
 * in the process; so this port shows no key. While its token is gone, both calls reject with an error whose `code` is
 * `unavailable`, and later calls look for the token again.
 */
export interface RootKey {
  /** Authenticated encryption; the answer says by itself how it is to be opened, and holds no key. */
  seal(ring: Uint8Array): Promise<Uint8Array>
  /** Fails with `HsmError` `wrongRoot` where it was altered, or sealed under another root. The caller zeroes the answer. */
  open(sealed: Uint8Array): Promise<Uint8Array>
}

/**
 * Where a root key is found. With `mayCreate` it is made where there is none yet; without, it must be there: a store
 * whose domain exists is never given a new root, under which nothing in it would open.
 */
export type RootKeySource = (options: { readonly mayCreate: boolean }) => Promise<RootKey>
