import { testToken } from '@bongtu/hsm'
import type { TestFlags } from '../../commands/hsm/test.ts'
import { refused, usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { parseKeyUri } from '../../key-uri/parse.ts'
import { isNamed, tokenOf } from '../../key-uri/token.ts'
import { reportLine } from '../../report.ts'
import { printable } from '../../terminal/printable.ts'

/** `bongtu hsm test` */
export async function testHsm(text: string, { json, retryPin }: TestFlags, io: Io): Promise<void> {
  const uri = parseKeyUri(text)
  const named = tokenOf(uri, io, { retryPin })
  const { token, key } = named
  if (key.label === undefined && key.id === undefined) throw usage(`${uri.scheme}: name the key to try`)
  const found = (await token.keys(io.signal)).filter((each) => isNamed(each, named))
  if (found.length === 0) throw refused(`there is no such key in ${token.name}`)
  const idle: string[] = []
  for (const each of found) {
    const { checks, serves } = await testToken(token, each)
    const subject = `${each.kind}-${each.bits} ${each.label}`
    if (!serves) idle.push(subject)
    for (const { name, passed, detail } of checks) {
      if (json) reportLine(io, false, { key: subject, name, passed, detail })
      else io.stdout.write(`${passed ? 'ok  ' : 'FAIL'}  ${printable(`${subject}  ${name}: ${detail}`)}\n`)
    }
  }
  if (idle.length > 0) throw refused(`does not serve for messages: ${idle.join(', ')}`)
}
