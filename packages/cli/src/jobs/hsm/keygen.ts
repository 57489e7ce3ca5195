import { formatPkcs11Uri, type OaepPadding, testToken } from '@bongtu/hsm'
import type { HsmKeygenFlags } from '../../commands/hsm/keygen.ts'
import { refused, usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { encodePart, type KeyUri, parseKeyUri } from '../../key-uri/parse.ts'
import { modulePathOf, readPkcs11Uri, tokenOf } from '../../key-uri/token.ts'
import { tell } from '../../terminal/messages.ts'
import { rejectAsUsage } from './reject-as-usage.ts'

/** The paddings to recommend, the best first. */
const PREFERRED: readonly OaepPadding[] = ['oaep-sha256', 'oaep-sha384', 'oaep-sha512', 'oaep-sha1']

/** `bongtu hsm keygen` */
export async function keygenHsm(text: string, { kind, bits, retryPin }: HsmKeygenFlags, io: Io): Promise<void> {
  const uri = parseKeyUri(text)
  const { token, key, kind: named = kind } = tokenOf(uri, io, { retryPin })
  const { label } = key
  if (label === undefined || key.id !== undefined) {
    throw usage(
      `${uri.scheme}: name the key to make by its label alone: object=LABEL (pkcs11:) or key=LABEL (token-file:)`,
    )
  }
  if (named !== kind) throw usage(`${uri.scheme}: the URI names a key of another type than --kind ${kind} makes`)
  const made = await token
    .generateKey({ kind, label, ...(bits === undefined ? {} : { bits }) }, io.signal)
    .catch(rejectAsUsage)
  const { serves, checks, paddings } = await testToken(token, made)
  const padding = PREFERRED.find((each) => paddings.includes(each))
  if (!serves) {
    const why = checks.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`)
    throw refused(`the key was made, and does not serve for messages\n${why.join('\n')}`)
  }
  if (kind === 'rsa') tell(io, `readers and writers use ${padding}; the token does ${paddings.join(', ')}`)
  io.stdout.write(`${keyUri(uri, padding, io)}\n`)
}

/** The URI that was given, without what it need not say, and with the padding. */
function keyUri(uri: KeyUri, padding: OaepPadding | undefined, io: Io): string {
  if (uri.scheme === 'pkcs11') {
    const parsed = readPkcs11Uri(uri.text)
    const vendorQuery = new Map(parsed.vendorQuery)
    if (padding !== undefined) vendorQuery.set('padding', padding)
    return formatPkcs11Uri({ ...parsed, query: { ...parsed.query, modulePath: modulePathOf(parsed, io) }, vendorQuery })
  }
  const parameters = new Map(uri.parameters)
  if (padding !== undefined) parameters.set('padding', padding)
  return `${uri.scheme}:${uri.path}?${[...parameters].map(([name, value]) => `${name}=${encodePart(value)}`).join('&')}`
}
