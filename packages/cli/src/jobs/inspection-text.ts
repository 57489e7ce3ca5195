import type { Inspection } from '@bongtu/client'
import { headerFacts, type KeyFacts } from '../report.ts'
import { printable, quoted } from '../terminal/printable.ts'

const structures: Readonly<Record<Inspection['structure'], string>> = {
  whole: 'whole, going by its length',
  'cut or extended': 'CUT OR EXTENDED: its ends do not fit',
  unknown: 'unknown, since only the header was read',
}

/** What `bongtu inspect` prints of a message. Nothing in it reaches the terminal as it stands in the header. */
export function inspectionText(name: string, inspection: Inspection): string {
  const { messageLength, plaintextLength, structure, readableUnder } = inspection
  const { version, suite, messageId, encryptionContext, encryptedDataKeys, contentType, frameLength } = headerFacts(
    inspection.header,
  )
  const rows: readonly (readonly [string, string])[] = [
    ['message', messageLength === null ? 'length unknown' : `${messageLength} bytes`],
    ['structure', structures[structure]],
    ['plaintext', plaintextLength === null ? 'length unknown' : `${plaintextLength} bytes`],
    ['format', `version ${version}, ${contentType === 'framed' ? `frames of ${frameLength} bytes` : 'not framed'}`],
    ['suite', `${suite.id} ${suite.name}`],
    ['commitment', suite.committing ? 'commits to its data key' : 'does NOT commit to its data key'],
    ['signature', suite.signed ? 'signed' : 'not signed'],
    ['readable under', readableUnder.join(', ')],
    ['message id', messageId],
  ]
  const context = Object.entries(encryptionContext).map(([key, value]) => `    ${quoted(key)} = ${quoted(value)}`)
  const lines = [
    `${printable(name)}: no key was used, so nothing of this is authenticated`,
    ...rows.map(([label, value]) => `  ${label.padEnd(15)} ${value}`),
    context.length === 0 ? '  encryption context: none' : '  encryption context',
    ...context,
    '  encrypted data keys',
    ...encryptedDataKeys.map((key, index) => `    ${index + 1}. ${keyText(key)}`),
  ]
  return `${lines.join('\n')}\n`
}

function keyText({ provider, name, keyInfo, length }: KeyFacts): string {
  const key = name === undefined ? `key info (Base64) ${keyInfo}` : `key ${quoted(name)}`
  return `provider ${quoted(provider)}, ${key}, ${length} bytes`
}
