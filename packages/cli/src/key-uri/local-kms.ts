import type { Keyring } from '@bongtu/client'
import { localKmsKeyring as keyringOf, type LocalKmsLike } from '@bongtu/keyrings/aws-kms'
import { DEFAULT_ACCOUNT, DEFAULT_REGION, type LocalKms, localKms, StoreError } from '@bongtu/kms'
import { usage } from '../failure.ts'
import { throwExplained } from '../jobs/kms/failures.ts'
import { dataFolder, placeOf } from '../jobs/kms/open.ts'
import { tell } from '../terminal/messages.ts'
import { decodePart, refuseUnknownParameters } from './parse.ts'
import type { KeyringFactory, Purpose } from './schemes.ts'

/** `local-kms:<alias/name | key id | ARN | *>?data=<folder>&root-passphrase-file=<file>&root=<key URI>` */
export const localKmsKeyring: KeyringFactory = async (uri, purpose, io) => {
  refuseUnknownParameters(uri, ['data', 'root-passphrase-file', 'root'])
  const keyId = decodePart(uri.text, uri.path)
  requireKeyName(uri.text, keyId, purpose)
  const [data, rootPassphraseFile, root] = ['data', 'root-passphrase-file', 'root'].map((name) =>
    uri.parameters.get(name),
  )
  const flags = {
    ...(data === undefined ? {} : { data }),
    ...(rootPassphraseFile === undefined ? {} : { rootPassphraseFile }),
    ...(root === undefined ? {} : { root }),
  }
  const place = await placeOf(flags, io)
  const open = async (): Promise<LocalKms> => {
    try {
      return await localKms({ ...place, create: false })
    } catch (error) {
      // Only who encrypts makes a KMS where there is none.
      if (purpose !== 'encrypt' || !(error instanceof StoreError && error.code === 'absent')) throw error
      const made = await localKms(place)
      const where = dataFolder(flags, io)
      tell(io, `made a KMS in ${where}: only it opens what is encrypted under its keys; see \`bongtu kms backup\``)
      return made
    }
  }
  const use = whileUsed(open)
  const keyring = keyringOf(openedWhenAsked(use), keyId)
  return Object.freeze<Keyring>({
    ...keyring,
    wrapDataKey: (request) => use(() => keyring.wrapDataKey(request)),
    unwrapDataKey: (request) => use(() => keyring.unwrapDataKey(request)),
  })
}

/** A bare word would be taken for the id of a key that is nowhere, once a KMS was made for it. */
function requireKeyName(uri: string, keyId: string, purpose: Purpose): void {
  if (keyId === '*') {
    if (purpose === 'decrypt') return
    throw usage(`${uri}: * means any key, and only decrypts; name the key to encrypt under, as local-kms:alias/NAME`)
  }
  if (/^alias\/aws\//.test(keyId)) throw usage(`${uri}: aliases under alias/aws/ belong to AWS services; name another`)
  if (/^(?:alias\/.|arn:|mrk-|[0-9a-f]{8}-)/.test(keyId)) return
  throw usage(
    `${uri}: write local-kms:alias/${/^[\w/-]+$/.test(keyId) ? keyId : 'NAME'}, or the id or the ARN of a key`,
  )
}

type Use = <R>(work: (kms: LocalKms) => Promise<R>) => Promise<R>

/** Opened by the first call, shared by all that overlap, closed behind the last: nothing is open when the command ends. */
function whileUsed(open: () => Promise<LocalKms>): Use {
  let users = 0
  let opened: Promise<LocalKms> | undefined
  const close = async (): Promise<void> => {
    const last = opened
    opened = undefined
    await (await last?.catch(() => undefined))?.close()
  }
  return async (work) => {
    users++
    try {
      opened ??= open()
      return await work(await opened.catch(throwExplained))
    } finally {
      users--
      if (users === 0) await close()
    }
  }
}

const openedWhenAsked = (use: Use): LocalKmsLike => ({
  entry: (request) => use((kms) => kms.entry(request)),
  ensureAlias: (name) => use((kms) => kms.ensureAlias(name)),
  // Signatures are not checked in a data folder; the access key id tells the account.
  clientConfig: ({ region = DEFAULT_REGION } = {}) => ({
    region,
    credentials: { accessKeyId: DEFAULT_ACCOUNT, secretAccessKey: 'unchecked' },
  }),
})
