import type { RsaPadding } from '@bongtu/crypto'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { usage } from '../failure.ts'
import { readKeyFile, readPrivateKeyFile } from './key-file.ts'
import { type KeyUri, namespaceAndName, refuseUnknownParameters } from './parse.ts'
import { pemOrDer } from './pem-or-der.ts'
import type { KeyringFactory } from './schemes.ts'
import { allowsWeakKeys, WEAK_KEYS } from './weak-keys.ts'

/** `raw-rsa:<namespace>/<name>?public-key-file=<path>&private-key-file=<path>&padding=<padding>` */
export const rawRsaKeyring: KeyringFactory = async (uri, purpose, io) => {
  refuseUnknownParameters(uri, ['public-key-file', 'private-key-file', 'padding', WEAK_KEYS])
  const { namespace, name } = namespaceAndName(uri)
  const publicPath = uri.parameters.get('public-key-file')
  const privatePath = uri.parameters.get('private-key-file')
  const needed = purpose === 'encrypt' ? publicPath : privatePath
  if (needed === undefined) {
    throw usage(`${uri.text}: to ${purpose}, give ${purpose === 'encrypt' ? 'public' : 'private'}-key-file=FILE`)
  }
  const padding = paddingOf(uri)
  const allowWeakKeys = allowsWeakKeys(uri.parameters.get(WEAK_KEYS))
  const publicKey = publicPath === undefined ? undefined : pemOrDer(await readKeyFile(publicPath))
  const privateKey = privatePath === undefined ? undefined : pemOrDer(await readPrivateKeyFile(privatePath, io))
  return rawRsa({
    namespace,
    name,
    padding,
    allowWeakKeys,
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(privateKey === undefined ? {} : { privateKey }),
  })
}

const paddings: Readonly<Record<RsaPadding, true>> = {
  'oaep-sha1': true,
  'oaep-sha256': true,
  'oaep-sha384': true,
  'oaep-sha512': true,
  pkcs1: true,
}

function paddingOf({ text, parameters }: KeyUri): RsaPadding {
  const padding = parameters.get('padding')
  if (padding !== undefined && Object.hasOwn(paddings, padding)) return padding as RsaPadding
  throw usage(`${text}: padding is one of ${Object.keys(paddings).join(', ')}, the same for writers and readers`)
}
