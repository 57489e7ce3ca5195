import { createEmbeddedToken, formatPkcs11Uri, initToken, parsePkcs11Uri } from '@bongtu/hsm'
import type { InitFlags } from '../../commands/hsm/init.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { guardModules } from '../../key-uri/native-calls.ts'
import { decodePart, type KeyUri, parseKeyUri, refuseUnknownParameters } from '../../key-uri/parse.ts'
import { modulePathOf, pinMemoryOf, readPkcs11Uri } from '../../key-uri/token.ts'
import { PASSPHRASE_PARAMETERS, tokenPassphrase } from '../../key-uri/token-passphrase.ts'
import { askSecret } from '../../terminal/ask-secret.ts'
import { tell } from '../../terminal/messages.ts'
import { rejectAsUsage } from './reject-as-usage.ts'
import { secretOf } from './secret-of.ts'

/** `bongtu hsm init` */
export async function initHsm(text: string, { soPinSource, retryPin }: InitFlags, io: Io): Promise<void> {
  const uri = parseKeyUri(text)
  if (uri.scheme === 'token-file') return initFile(uri, io)
  if (uri.scheme !== 'pkcs11') throw usage(`${text}: names no token; pkcs11:… and token-file:… do`)
  const parsed = readPkcs11Uri(text)
  const { token: label, slotId } = parsed.path
  if (label === undefined) throw usage('pkcs11: lacks the label of the token to make, token=LABEL')
  const path = modulePathOf(parsed, io)
  guardModules(io)
  const { pinSource } = parsed.query
  const soPin = await pin(soPinSource, `new PIN of the security officer of ${label}`, '--so-pin-source file:FILE', io)
  const userPin = await pin(pinSource, `new PIN of ${label}`, 'pin-source=file:FILE', io)
  const slot = slotId === undefined ? {} : { slot: slotId }
  const made = await initToken({ path, label, soPin, pin: userPin, ...slot, ...pinMemoryOf(io, { retryPin }) }).catch(
    rejectAsUsage,
  )
  const query = { modulePath: path, ...(pinSource === undefined ? {} : { pinSource }) }
  io.stdout.write(`${formatPkcs11Uri({ path: parsePkcs11Uri(made).path, query })}\n`)
}

async function initFile(uri: KeyUri, io: Io): Promise<void> {
  refuseUnknownParameters(uri, PASSPHRASE_PARAMETERS)
  const file = decodePart(uri.text, uri.path)
  if (file === '') throw usage(`${uri.text}: lacks the path of the file to make`)
  const passphrase = await tokenPassphrase(uri, io, true)?.()
  await createEmbeddedToken({ file, ...(passphrase === undefined ? {} : { passphrase }) }).catch(rejectAsUsage)
  passphrase?.fill(0)
  if (passphrase === undefined) tell(io, `whoever reads ${file} has its keys: only its permissions keep them`)
  io.stdout.write(`${uri.text}\n`)
}

/** A PIN that a source names, or one that is typed twice. */
async function pin(source: string | undefined, what: string, otherwise: string, io: Io): Promise<string> {
  if (source !== undefined) return secretOf(source, io)
  const typed = await askSecret(io, what, `give ${otherwise}`)
  if ((await askSecret(io, `${what}, again`, `give ${otherwise}`)) !== typed)
    throw usage('the PINs differ; no token was made')
  return typed
}
