import { listTokens, type TokenKey, type TokenSummary } from '@bongtu/hsm'
import type { ListFlags } from '../../commands/hsm/list.ts'
import type { Io } from '../../io.ts'
import { guardModules } from '../../key-uri/native-calls.ts'
import { parseKeyUri } from '../../key-uri/parse.ts'
import { isNamed, modulePathOf, readPkcs11Uri, tokenOf } from '../../key-uri/token.ts'
import { reportLine } from '../../report.ts'
import { printable } from '../../terminal/printable.ts'

/** `bongtu hsm list` */
export async function listHsm(text: string, { json, retryPin }: ListFlags, io: Io): Promise<void> {
  const uri = parseKeyUri(text)
  const write = (facts: object, line: string): void => {
    if (json) reportLine(io, false, facts)
    else io.stdout.write(`${printable(line)}\n`)
  }
  if (uri.scheme === 'pkcs11') {
    const parsed = readPkcs11Uri(text)
    if (Object.keys(parsed.path).length === 0) {
      guardModules(io)
      for (const each of await listTokens({ path: modulePathOf(parsed, io) })) write(each, tokenLine(each))
      return
    }
  }
  const named = tokenOf(uri, io, { retryPin })
  const keys = (await named.token.keys(io.signal)).filter((key) => isNamed(key, named))
  for (const key of keys) write({ ...key, id: hex(key.id) }, keyLine(key))
}

function tokenLine({ uri, slot, initialized, loginRequired, pin, soPin, mechanisms }: TokenSummary): string {
  const state = initialized ? (loginRequired ? `PIN ${pin}` : 'no login') : 'not initialized'
  const officer = soPin === 'ok' ? '' : `, security officer's PIN ${soPin}`
  return `slot ${slot}  ${uri}  ${state}${officer}  ${mechanisms.join(', ')}`
}

function keyLine({ kind, bits, label, id, sensitive, extractable, encrypts, decrypts }: TokenKey): string {
  const kept = sensitive && !extractable ? 'stays in the token' : 'CAN LEAVE THE TOKEN'
  const does = [...(encrypts ? ['encrypts'] : []), ...(decrypts ? ['decrypts'] : [])].join(' and ') || 'does neither'
  return `${kind}-${bits}  ${label}  id ${hex(id) || '(none)'}  ${kept}  ${does}`
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
