import type { Keyring } from '@bongtu/client'
import { localKmsKeyring as keyringOf, type LocalKmsLike } from '@bongtu/keyrings/aws-kms'
import { DEFAULT_ACCOUNT, DEFAULT_REGION, type LocalKms, localKms } from '@bongtu/kms'
import { throwExplained } from '../jobs/kms/failures.ts'
import { placeOf } from '../jobs/kms/open.ts'
import { decodePart, refuseUnknownParameters } from './parse.ts'
import type { KeyringFactory } from './schemes.ts'

/** `local-kms:alias/<name>?data=<folder>&root-passphrase-file=<file>&root=<key URI>` */
export const localKmsKeyring: KeyringFactory = async (uri, purpose, io) => {
  refuseUnknownParameters(uri, ['data', 'root-passphrase-file', 'root'])
  const [data, rootPassphraseFile, root] = ['data', 'root-passphrase-file', 'root'].map((name) =>
    uri.parameters.get(name),
  )
  const place = await placeOf(
    {
      ...(data === undefined ? {} : { data }),
      ...(rootPassphraseFile === undefined ? {} : { rootPassphraseFile }),
      ...(root === undefined ? {} : { root }),
    },
    io,
  )
  // Only who encrypts makes a KMS and a key where there are none.
  const use = whileUsed(() => localKms({ ...place, create: purpose === 'encrypt' }))
  const keyring = keyringOf(openedWhenAsked(use), decodePart(uri.text, uri.path))
  return Object.freeze<Keyring>({
    ...keyring,
    wrapDataKey: (request) => use(() => keyring.wrapDataKey(request)),
    unwrapDataKey: (request) => use(() => keyring.unwrapDataKey(request)),
  })
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
