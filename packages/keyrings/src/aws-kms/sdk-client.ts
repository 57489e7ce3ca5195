import type { Kms, KmsCallOptions, KmsCommandClient } from './port.ts'

type Commands = typeof import('@aws-sdk/client-kms')

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** Whatever can stand for one AWS KMS client. */
export type KmsClientLike = Kms | KmsCommandClient

/** Throws a TypeError where it is neither a `Kms` nor a client that takes commands. */
export function kmsOf(client: KmsClientLike): Kms {
  if (typeof client === 'object' && client !== null) {
    if ('decrypt' in client && [client.generateDataKey, client.encrypt, client.decrypt].every(isFunction)) return client
    if ('send' in client && isFunction(client.send)) return overCommands(client)
  }
  throw new TypeError(
    'kms is a KMSClient or KMS of @aws-sdk/client-kms, a kmsClient(…), or a function from Region to one',
  )
}

/** The commands come from the user's own `@aws-sdk/client-kms`, loaded on the first call. */
function overCommands(client: KmsCommandClient): Kms {
  const call = async (command: (sdk: Commands) => object, options: KmsCallOptions = {}) =>
    client.send(command(await import('@aws-sdk/client-kms')), options)
  return {
    ...(client.config === undefined ? {} : { config: client.config }),
    generateDataKey: (request, options) => call((sdk) => new sdk.GenerateDataKeyCommand(request), options),
    encrypt: (request, options) => call((sdk) => new sdk.EncryptCommand(request), options),
    decrypt: (request, options) => call((sdk) => new sdk.DecryptCommand(request), options),
    describeKey: (request, options) => call((sdk) => new sdk.DescribeKeyCommand(request), options),
  }
}
