import type { Keyring } from '@bongtu/client'
import type { AwsFlags } from '../commands/options.ts'
import type { Io } from '../io.ts'
import type { KeyUri } from './parse.ts'

export type Purpose = 'encrypt' | 'decrypt'

/** Makes the keyring that a URI names. Throws a usage failure for what the URI says wrongly. */
export type KeyringFactory = (uri: KeyUri, purpose: Purpose, io: Io, flags: AwsFlags) => Promise<Keyring>

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
  pkcs11: {
    form: 'pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=file:FILE',
    summary: 'an AES key in a PKCS#11 token (RFC 7512), or with &padding=oaep-sha256 an RSA key',
    load: async () => (await import('./in-token.ts')).inTokenKeyring,
  },
  'token-file': {
    form: 'token-file:FILE?key=LABEL&passphrase-file=FILE',
    summary: 'a key in an embedded token, a file; `bongtu hsm init` makes one',
    load: async () => (await import('./in-token.ts')).inTokenKeyring,
  },
  'local-kms': {
    form: 'local-kms:alias/NAME',
    summary:
      'a key of the bundled KMS of this user, made on first use to encrypt; local-kms:* decrypts with any of its keys',
    load: async () => (await import('./local-kms.ts')).localKmsKeyring,
  },
  'aws-kms': {
    form: 'aws-kms:KEY-ARN',
    summary: 'a key of AWS KMS; to encrypt also its id or alias/NAME, and with ?resolve=true to decrypt',
    load: async () => (await import('./aws-kms.ts')).awsKmsKeyring,
  },
  'aws-kms-mrk': {
    form: 'aws-kms-mrk:KEY-ARN',
    summary: 'a multi-Region key of AWS KMS, which also opens what its replicas encrypted',
    load: async () => (await import('./aws-kms.ts')).awsKmsMrkKeyring,
  },
  'aws-kms-discovery': {
    form: 'aws-kms-discovery:?account=ID,ID&partition=aws&region=REGION,REGION',
    summary: 'decrypts with whatever key of AWS KMS a message names, of these accounts and Regions',
    load: async () => (await import('./aws-kms-discovery.ts')).awsKmsDiscoveryKeyring,
  },
  'aws-kms-mrk-discovery': {
    form: 'aws-kms-mrk-discovery:?account=ID,ID&partition=aws&region=REGION,REGION',
    summary: 'the same, and asks for multi-Region keys in these Regions, wherever they encrypted',
    load: async () => (await import('./aws-kms-discovery.ts')).awsKmsMrkDiscoveryKeyring,
  },
}

/** The forms, one a line. */
export const schemeForms = (): string =>
  Object.values(schemes)
    .map(({ form, summary }) => `  ${form}\n      ${summary}`)
    .join('\n')
