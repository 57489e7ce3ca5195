import { Command, Help, type Option } from 'commander'
import type { CommandSpec, Example, Leaf } from './commands/command.ts'
import { commands } from './commands/table.ts'
import { exitCodeTexts } from './exit-codes.ts'
import type { Io } from './io.ts'
import { schemeForms } from './key-uri/schemes.ts'
import { version } from './version.ts'

/** What is done with a command once its line is understood. */
export type Act = (leaf: Leaf, args: readonly unknown[], flags: object) => Promise<void>

/** The command line as a whole. Parsing throws a CommanderError; `act` gets what was understood. */
export function program(io: Io, act: Act): Command {
  const root = new Command('bongtu')
    .description('Envelope encryption of files in the message format of the AWS Encryption SDK.')
    .version(version(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`bongtu: ${text.replace(/^error: /, '')}`),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
    })
    .configureHelp({ optionDescription })
    .showHelpAfterError('See --help.')
    .addHelpText('after', `\n${keysText()}\n\n${environmentText()}\n\n${exitCodesText()}`)
  for (const command of commands) add(root, command, act)
  return root
}

function add(parent: Command, spec: CommandSpec, act: Act): void {
  const command = parent.command(spec.name).description(spec.summary)
  if ('commands' in spec) {
    for (const one of spec.commands) add(command, one, act)
    return
  }
  spec.define(command)
  command
    .allowExcessArguments(false)
    .addHelpText('after', `\n${examplesText(spec.examples)}`)
    .action(() => act(spec, command.processedArgs, command.opts()))
}

/** That an option is off, or not given, by default goes without saying. */
function optionDescription(this: Help, option: Option): string {
  const { defaultValue, description } = option
  const obvious = defaultValue === false || (Array.isArray(defaultValue) && defaultValue.length === 0)
  return obvious ? description : Help.prototype.optionDescription.call(this, option)
}

const examplesText = (examples: readonly Example[]): string =>
  ['Examples:', ...examples.map(({ does, line }) => `  # ${does}\n  ${line}`)].join('\n')

const keysText = (): string => `Keys (-k):\n${schemeForms()}`

/** Beside those that AWS has for calls to AWS KMS. */
const variables: readonly (readonly [string, string])[] = [
  ['BONGTU_HOME', 'the folder of all that is kept between runs, the bundled KMS above all'],
  ['BONGTU_PKCS11_MODULE', 'the PKCS#11 module of pkcs11: URIs that name none'],
  ['BONGTU_PKCS11_PIN', 'the PIN of pkcs11: URIs that name no source of it'],
  ['BONGTU_DEBUG', 'where set, failures say where they came from'],
]

const environmentText = (): string =>
  ['Environment:', ...variables.map(([name, text]) => `  ${name.padEnd(20)}  ${text}`)].join('\n')

const exitCodesText = (): string =>
  ['Exit codes:', ...exitCodeTexts.map(([code, text]) => `  ${String(code).padStart(3)}  ${text}`)].join('\n')
