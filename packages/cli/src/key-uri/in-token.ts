import { localHsm } from '@bongtu/hsm'
import { usage } from '../failure.ts'
import { readKeyFile } from './key-file.ts'
import { pemOrDer } from './pem-or-der.ts'
import type { KeyringFactory } from './schemes.ts'
import { tokenOf } from './token.ts'

/** `pkcs11:token=…;object=…?module-path=…&pin-source=file:…` (RFC 7512), and `token-file:<path>?key=<label>`. */
export const inTokenKeyring: KeyringFactory = async (uri, _purpose, io) => {
  const { token, key, kind, namespace, name, padding, publicKeyFile, allowWeakKeys } = tokenOf(uri, io)
  const missing = 'name the key'
  if (key.label === undefined && key.id === undefined) throw usage(`${uri.scheme}: ${missing}: ${keyForms[uri.scheme]}`)
  if (namespace === undefined || name === undefined) {
    throw usage(
      `${uri.scheme}: give namespace=… and name=…, which are the labels of token and key where the URI has them`,
    )
  }
  if (kind !== undefined && kind !== (padding === undefined ? 'aes' : 'rsa')) {
    throw usage(`${uri.scheme}: type=private is of an RSA key, which needs padding=…; type=secret-key takes none`)
  }
  const publicKey = publicKeyFile === undefined ? undefined : pemOrDer(await readKeyFile(publicKeyFile))
  return localHsm({
    token,
    key,
    namespace,
    name,
    ...(padding === undefined ? {} : { padding, allowWeakKeys }),
    ...(publicKey === undefined ? {} : { publicKey }),
  })
}

const keyForms: Readonly<Record<string, string>> = {
  pkcs11: 'object=LABEL or id=%XX… before the question mark',
  'token-file': 'key=LABEL',
}
