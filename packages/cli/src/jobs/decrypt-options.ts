import type { DecryptOptions } from '@bongtu/client'
import type { OpenFlags } from '../commands/options.ts'
import type { Io } from '../io.ts'
import { keyringOf } from '../key-uri/keyring.ts'
import { contextOf } from './context.ts'
import { discoveryKeys } from './discovery-keys.ts'

/** What every command that opens messages gives to the client. */
export async function decryptOptions(flags: OpenFlags, io: Io): Promise<DecryptOptions> {
  const { commitmentPolicy, maxEncryptedDataKeys, maxHeaderLength, maxFrameLength } = flags
  return {
    keyring: await keyringOf([...flags.key, ...discoveryKeys(flags)], 'decrypt', io, flags),
    encryptionContext: contextOf(flags.context),
    allowNet400Messages: flags.allowNet400,
    signal: io.signal,
    ...(commitmentPolicy === undefined ? {} : { commitmentPolicy }),
    ...(maxEncryptedDataKeys === undefined ? {} : { maxEncryptedDataKeys }),
    ...(maxHeaderLength === undefined ? {} : { maxHeaderLength }),
    ...(maxFrameLength === undefined ? {} : { maxFrameLength }),
  }
}
