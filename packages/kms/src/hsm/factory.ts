/** What makes an HSM, and the roots it can stand on. Beside the port, all that may be imported from this folder. */
export { createHsm, type EmbeddedHsm, type EmbeddedHsmOptions } from './embedded-hsm.ts'
export { ephemeralRoot } from './root-key/ephemeral.ts'
export { rootKeyFile } from './root-key/file.ts'
export { type PassphraseCost, passphraseRoot, SCRYPT_COST } from './root-key/passphrase.ts'
export { reached } from './root-key/reached.ts'
export type { RootKey, RootKeySource } from './root-key/root-key.ts'
