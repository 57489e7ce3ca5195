import type { Kms, KmsCallOptions, KmsCommandClient } from './port.ts'

type Commands = typeof import('@aws-sdk/client-kms')

/** A client that takes commands, as one that takes calls. The commands come from the user's own `@aws-sdk/client-kms`. */
export function overCommands(client: KmsCommandClient): Kms {
  const call = async <Answer>(command: (sdk: Commands) => object, options: KmsCallOptions = {}): Promise<Answer> =>
    (await client.send(command(await commands()) as never, options as never)) as Answer
  return {
    ...(client.config === undefined ? {} : { config: client.config }),
    generateDataKey: (request, options) => call((sdk) => new sdk.GenerateDataKeyCommand(request), options),
    encrypt: (request, options) => call((sdk) => new sdk.EncryptCommand(request), options),
    decrypt: (request, options) => call((sdk) => new sdk.DecryptCommand(request), options),
    describeKey: (request, options) => call((sdk) => new sdk.DescribeKeyCommand(request), options),
  }
}

/** Loaded on the first call. Within `try`, bundlers take it for optional, as it is. */
async function commands(): Promise<Commands> {
  try {
    return await import('#aws-sdk')
  } catch (cause) {
    throw new Error('a KMSClient takes commands of @aws-sdk/client-kms: install it beside bongtu, or pass a KMS', {
      cause,
    })
  }
}
