import { rawAes } from '@bongtu/keyrings/raw-aes'
import { usage } from '../failure.ts'
import { parseAesKey } from './aes-key-text.ts'
import { readPrivateKeyFile } from './key-file.ts'
import { namespaceAndName, refuseUnknownParameters } from './parse.ts'
import type { KeyringFactory } from './schemes.ts'

/** `raw-aes:<namespace>/<name>?key-file=<path>` */
export const rawAesKeyring: KeyringFactory = async (uri, _purpose, io) => {
  refuseUnknownParameters(uri, ['key-file', 'legacy-js-context-order'])
  const { namespace, name } = namespaceAndName(uri)
  const path = uri.parameters.get('key-file')
  if (path === undefined) throw usage(`${uri.text}: lacks key-file=FILE; \`bongtu keygen raw-aes\` makes one`)
  const legacyJsContextOrder = flag(uri.text, uri.parameters.get('legacy-js-context-order'))
  const file = await readPrivateKeyFile(path, io)
  const key = parseAesKey(path, file)
  try {
    return rawAes({ namespace, name, key, legacyJsContextOrder })
  } finally {
    key.fill(0)
    file.fill(0)
  }
}

function flag(uri: string, value: string | undefined): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false') {
    throw usage(`${uri}: legacy-js-context-order is true or false`)
  }
  return value === 'true'
}
