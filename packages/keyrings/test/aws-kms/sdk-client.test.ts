import { awsKms } from '@bongtu/keyrings/aws-kms'
import { BongtuError } from '@bongtu/message-format'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ask, CONTEXT, SUITE } from '../asking.ts'
import { HOME, keys } from './support/kms.ts'

const request = { suite: SUITE, encryptionContext: CONTEXT }

/** A KMSClient that keeps what it is sent. */
function commandClient() {
  const commands: { name: string; input: unknown }[] = []
  const send = async (command: { constructor: { name: string }; input: unknown }): Promise<object> => {
    commands.push({ name: command.constructor.name, input: command.input })
    return {
      KeyId: keys.first,
      Plaintext: new Uint8Array(32).fill(1),
      CiphertextBlob: Uint8Array.of(1),
      KeyMetadata: { Arn: keys.first },
    }
  }
  return { send, commands, config: { region: async () => HOME } }
}

describe('a client that takes commands', () => {
  it('gets those of @aws-sdk/client-kms, one for each call', async () => {
    const kms = commandClient()
    const keyring = awsKms({ keyId: keys.alias, kms, resolveKeyIds: true })
    const { encryptedDataKeys } = await keyring.wrapDataKey(request)
    await keyring.wrapDataKey({ ...request, dataKey: new Uint8Array(32) })
    await ask(keyring, encryptedDataKeys)
    expect(kms.commands.map(({ name }) => name)).toEqual([
      'GenerateDataKeyCommand',
      'EncryptCommand',
      'DescribeKeyCommand',
      'DecryptCommand',
    ])
  })

  it('says to install the AWS SDK where it is not there', async () => {
    vi.doMock('@aws-sdk/client-kms', () => {
      throw new Error('Cannot find package')
    })
    onTestFinished(() => {
      vi.doUnmock('@aws-sdk/client-kms')
      vi.resetModules()
    })
    const keyring = awsKms({ keyId: keys.first, kms: commandClient() })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(
      (error) => BongtuError.is(error, 'ERR_KEYRING') && /install it beside bongtu, or pass a KMS/.test(error.message),
    )
  })
})
