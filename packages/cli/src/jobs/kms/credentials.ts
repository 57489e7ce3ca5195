import { type AccessKey, accessKeyFile, readAccessKey, rotateAccessKey, StoreError } from '@bongtu/kms'
import type { CredentialsFlags } from '../../commands/kms/credentials.ts'
import { exitCodes } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { throwExplained } from './failures.ts'
import { dataFolder } from './open.ts'

/** `bongtu kms credentials` */
export async function printCredentials(flags: CredentialsFlags, io: Io): Promise<void> {
  const folder = dataFolder(flags, io)
  const key = flags.rotate ? await rotateAccessKey(folder).catch(throwExplained) : keyIn(folder)
  io.stdout.write(
    // A session token of AWS in the same shell would be sent with this key, which has none.
    `export AWS_ACCESS_KEY_ID=${key.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}\nunset AWS_SESSION_TOKEN\n`,
  )
}

function keyIn(folder: string): AccessKey {
  try {
    return readAccessKey(folder)
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.code === 'absent')) throwExplained(cause)
    throw new Failure(
      `${accessKeyFile(folder)} is missing: \`bongtu kms start\` makes it, unless its seed has credentials; --data names another folder`,
      exitCodes.failed,
      { cause },
    )
  }
}
