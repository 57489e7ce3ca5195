/**
 * What makes an HSM, the roots it can stand on, and how a file for its owner alone is written. Beside the port, all that may
 * be imported from this folder.
 */
export { createHsm, type EmbeddedHsm, type EmbeddedHsmOptions } from './embedded-hsm.ts'
export { ephemeralRoot } from './root-key/ephemeral.ts'
export { rootKeyFile } from './root-key/file.ts'
export { type PassphraseCost, passphraseRoot, SCRYPT_COST } from './root-key/passphrase.ts'
export { createPrivateFile, replacePrivateFile } from './root-key/private-file.ts'
export { reached } from './root-key/reached.ts'
export type { RootKey, RootKeySource } from './root-key/root-key.ts'
