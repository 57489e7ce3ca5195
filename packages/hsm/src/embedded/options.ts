import { kindOf, type OptionNames, readOptions } from '@bongtu/crypto/options'
import { TokenError } from '../token-error.ts'
import { MIN_PASSPHRASE_LENGTH, type Passphrase } from './seal.ts'

export interface EmbeddedTokenOptions {
  /** The token's file, mode 600. */
  readonly file: string
  /**
   * What seals it: 8 bytes or more, copied, or a function that asks for them when the file is opened and whose answer is
   * zeroed. A file that no passphrase seals is then refused. Absent: the permissions of the file alone keep its keys.
   */
  readonly passphrase?: Uint8Array | (() => Uint8Array | Promise<Uint8Array>)
}

const OPTIONS: OptionNames<EmbeddedTokenOptions> = { file: true, passphrase: true }

export interface CheckedOptions {
  readonly file: string
  readonly passphrase: Passphrase | undefined
  /** Zeroes the copy of a passphrase that was given. */
  forget(): void
}

/** Throws as the functions that take these options say. */
export function checkedOptions(what: string, options: EmbeddedTokenOptions): CheckedOptions {
  const { file, passphrase } = readOptions(what, options, OPTIONS)
  if (typeof file !== 'string' || file === '') {
    throw new TypeError(`${what}: file must be a path, got ${file === '' ? 'an empty string' : kindOf(file)}`)
  }
  const nothing = (): void => {}
  if (passphrase === undefined) return { file, passphrase, forget: nothing }
  if (typeof passphrase === 'function') return { file, passphrase: async () => passphrase(), forget: nothing }
  if (!(passphrase instanceof Uint8Array)) {
    throw new TypeError(`${what}: passphrase must be a Uint8Array or a function, got ${kindOf(passphrase)}`)
  }
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) {
    throw new RangeError(
      `${what}: passphrase must have at least ${MIN_PASSPHRASE_LENGTH} bytes, got ${passphrase.length}`,
    )
  }
  return { file, ...forgettable(file, passphrase.slice()) }
}

function forgettable(file: string, copy: Uint8Array): Pick<CheckedOptions, 'passphrase' | 'forget'> {
  let forgotten = false
  return {
    passphrase: async () => {
      if (forgotten) throw new TokenError('closed', `the embedded token ${file} was closed`)
      return copy.slice()
    },
    forget: () => {
      forgotten = true
      copy.fill(0)
    },
  }
}
