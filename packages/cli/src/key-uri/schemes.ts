import type { Keyring } from '@bongtu/client'
import type { Io } from '../io.ts'
import type { KeyUri } from './parse.ts'

export type Purpose = 'encrypt' | 'decrypt'

/** Makes the keyring that a URI names. Throws a usage failure for what the URI says wrongly. */
export type KeyringFactory = (uri: KeyUri, purpose: Purpose, io: Io) => Promise<Keyring>

interface Scheme {
  /** The form, as help and errors show it. */
  readonly form: string
  readonly summary: string
  /** Loads what the scheme needs, and nothing before it is named. */
  readonly load: () => Promise<KeyringFactory>
}

/** Every kind of key that `-k` takes. The one place where a scheme decides anything. */
export const schemes: Readonly<Record<string, Scheme>> = {
  'raw-aes': {
    form: 'raw-aes:NAMESPACE/NAME?key-file=FILE',
    summary: 'an AES key in a file',
    load: async () => (await import('./raw-aes.ts')).rawAesKeyring,
  },
  'raw-rsa': {
    form: 'raw-rsa:NAMESPACE/NAME?public-key-file=FILE&private-key-file=FILE&padding=oaep-sha256',
    summary: 'an RSA key pair in PEM files; the public one encrypts, the private one decrypts',
    load: async () => (await import('./raw-rsa.ts')).rawRsaKeyring,
  },
}

/** The forms, one a line. */
export const schemeForms = (): string =>
  Object.values(schemes)
    .map(({ form, summary }) => `  ${form}\n      ${summary}`)
    .join('\n')
