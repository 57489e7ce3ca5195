import { decryptTransform, encryptTransform } from '@bongtu/client/node'
import { type AlgorithmSuite, suiteById, suiteNamed } from '@bongtu/message-format'
import type { ReencryptFlags } from '../../commands/reencrypt.ts'
import { asUsage, usage } from '../../failure.ts'
import { expandInputs, STANDARD } from '../../files/inputs.ts'
import { checkedSuffix } from '../../files/names.ts'
import type { Io } from '../../io.ts'
import { keyringOf } from '../../key-uri/keyring.ts'
import { failureFacts, headerFacts, reportLine } from '../../report.ts'
import { tell, warn } from '../../terminal/messages.ts'
import { printable } from '../../terminal/printable.ts'
import { progress } from '../../terminal/progress.ts'
import { decryptOptions } from '../decrypt-options.ts'
import { eachTransfer } from '../each-transfer.ts'
import { requireAllRead, tellLeftOut } from '../left-out.ts'
import { tryOptions } from '../try-options.ts'
import { look } from './look.ts'
import { type Rewrite, rewrite } from './rewrite.ts'
import { comparison } from './target.ts'

/** What became of a file. */
type Outcome = 'current' | 'outdated' | 'reencrypted'

/** `bongtu reencrypt` */
export async function reencryptFiles(paths: readonly string[], flags: ReencryptFlags, io: Io): Promise<void> {
  if (paths.includes(STANDARD)) throw usage('standard input has no place; pipe `bongtu decrypt` into `bongtu encrypt`')
  const suffix = checkedSuffix(flags.suffix)
  const { suite, settings } = await settingsOf(flags, io)
  const why = comparison(settings.seal.keyring, suite, io.signal)
  const expanded = await expandInputs(paths, flags.recursive, (name) => name.endsWith(suffix))
  tellLeftOut(expanded, io)
  const shown = progress(io, expanded.inputs.length)
  const counts: Record<Outcome, number> = { current: 0, outdated: 0, reencrypted: 0 }
  const report = (path: string, outcome: Outcome, facts: object, text: string): void => {
    counts[outcome]++
    if (flags.json) reportLine(io, false, { input: path, outcome, ...facts })
    else if (flags.dryRun) io.stdout.write(`${printable(`${outcome.padEnd(8)} ${path}${text}`)}\n`)
  }
  const work = async (path: string): Promise<void> => {
    const { header, armored, size } = await look(path, flags, io)
    const reason = flags.all ? 'is taken in any case' : await why(header)
    if (reason === null) return report(path, 'current', { header: headerFacts(header) }, '')
    if (flags.dryRun) return report(path, 'outdated', { reason, header: headerFacts(header) }, `: ${reason}`)
    shown.begin(size)
    try {
      const { before, after, otherNames } = await rewrite(path, { ...settings, armored, count: shown.count }, io)
      report(path, 'reencrypted', { before: headerFacts(before), header: headerFacts(after) }, '')
      if (otherNames > 0)
        warn(io, `${path} has other names (hard links), which keep the old message until they are encrypted anew too`)
    } finally {
      shown.end()
    }
  }
  try {
    await eachTransfer(
      expanded.inputs.map((input) => ({ input, place: { kind: 'stdout' } as const })),
      io,
      ({ input }) => work(input.kind === 'file' ? input.path : STANDARD),
      ({ input }, error) => {
        if (flags.json && input.kind === 'file') reportLine(io, false, { input: input.path, ...failureFacts(error) })
      },
    )
  } finally {
    shown.close()
    if (!flags.json && expanded.inputs.length > 1) tell(io, summary(counts))
  }
  requireAllRead(expanded)
}

const summary = ({ current, outdated, reencrypted }: Record<Outcome, number>): string =>
  [
    `${reencrypted} encrypted anew`,
    `${current} current already`,
    ...(outdated > 0 ? [`${outdated} outdated`] : []),
  ].join(', ')

/** Throws a usage failure, or what the client says of the options, before any file is opened. */
async function settingsOf(
  flags: ReencryptFlags,
  io: Io,
): Promise<{ readonly suite: AlgorithmSuite; readonly settings: Omit<Rewrite, 'armored' | 'count'> }> {
  const { commitmentPolicy, maxEncryptedDataKeys, frameLength, to } = flags
  const suite = asUsage(() => suiteOf(flags))
  const open = await decryptOptions({ ...flags, key: flags.from }, io)
  const seal: Rewrite['seal'] = {
    keyring: await keyringOf(to, 'encrypt', io, flags),
    algorithmSuite: suite.id,
    signal: io.signal,
    ...(frameLength === undefined ? {} : { frameLength }),
    ...(commitmentPolicy === undefined ? {} : { commitmentPolicy }),
    ...(maxEncryptedDataKeys === undefined ? {} : { maxEncryptedDataKeys }),
  }
  tryOptions(io, () => decryptTransform(open))
  tryOptions(io, () => encryptTransform(seal))
  const readBack = flags.readBack ? { ...open, keyring: await readBackKeyring(flags, io) } : null
  return { suite, settings: { open, seal, readBack } }
}

async function readBackKeyring(flags: ReencryptFlags, io: Io): ReturnType<typeof keyringOf> {
  try {
    return await keyringOf(flags.to, 'decrypt', io, flags)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw usage(
      `${text}\nthe --to keys open each new message before it replaces the old one; --no-read-back does without, for keys that only encrypt`,
      error,
    )
  }
}

/** What the client writes by default under the policy. */
function suiteOf({ suite, commitmentPolicy }: ReencryptFlags): AlgorithmSuite {
  return suite !== undefined
    ? suiteNamed(suite)
    : suiteById(commitmentPolicy === 'forbid-encrypt-allow-decrypt' ? 0x0378 : 0x0578)
}
