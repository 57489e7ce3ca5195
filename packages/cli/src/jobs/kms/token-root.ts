import { tokenRootKey } from '@bongtu/hsm'
import type { RootKeySource } from '@bongtu/kms'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { parseKeyUri } from '../../key-uri/parse.ts'
import { tokenOf } from '../../key-uri/token.ts'

/** The root key that `--root` names: an AES key in a token, by its label. */
export function rootKeyIn(text: string, io: Io): RootKeySource {
  const { token, key, kind, padding } = tokenOf(parseKeyUri(text), io)
  if (key.label === undefined || key.id !== undefined || kind === 'rsa' || padding !== undefined) {
    throw usage(
      '--root: names an AES key by its label alone: object=LABEL in a pkcs11: URI, key=LABEL in a token-file: URI',
    )
  }
  return tokenRootKey(token, key.label)
}
