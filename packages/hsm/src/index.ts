export { initToken, type NewToken } from './admin/init-token.ts'
export { type TokenCheck, type TokenTest, testToken } from './admin/test-token.ts'
export { listTokens, type TokenSummary } from './admin/tokens.ts'
export { createEmbeddedToken, embeddedToken } from './embedded/embedded-token.ts'
export type { EmbeddedTokenOptions } from './embedded/options.ts'
export {
  type LocalHsmByToken,
  type LocalHsmByUri,
  type LocalHsmKeyring,
  type LocalHsmOptions,
  localHsm,
} from './local-hsm.ts'
export { type Around, aroundBlockingCalls, callsUnderWay } from './pkcs11/blocking.ts'
export type { ModuleLocation } from './pkcs11/modules.ts'
export type { PinSource } from './pkcs11/pin.ts'
export type { PinOwner } from './pkcs11/pin-flags.ts'
export { type Pkcs11TokenOptions, pkcs11Token } from './pkcs11/pkcs11-token.ts'
export { type RefusedPins, refusedPinsIn } from './pkcs11/refused-pins.ts'
export type { PinMemory } from './pkcs11/try-pin.ts'
export { formatPkcs11Uri, type Pkcs11Uri, parsePkcs11Uri } from './pkcs11/uri.ts'
export type { ObjectType, Pkcs11Path, Pkcs11Query } from './pkcs11/uri-attributes.ts'
export { type TokenRoot, type TokenRootSource, tokenRootKey } from './root-key.ts'
export type {
  AesTokenKey,
  KeyRef,
  NewKey,
  OaepPadding,
  RsaTokenKey,
  SealedBytes,
  Token,
  TokenKey,
} from './token.ts'
export { TokenError, type TokenErrorCode } from './token-error.ts'
