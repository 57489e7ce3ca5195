/** A Lambda function that sends Cognito's codes itself. */
import { awsKms, decrypt, type KmsClients } from 'bongtu'

export interface SenderEvent {
  readonly request: { readonly code?: string; readonly userAttributes: Readonly<Record<string, string>> }
}

/** `keyArn` is the KMS key of the user pool's LambdaConfig. */
export function customSender(keyArn: string, send: (to: string, code: string) => Promise<void>, kms?: KmsClients) {
  const keyring = awsKms({ keyId: keyArn, ...(kms && { kms }) })
  return async ({ request: { code, userAttributes } }: SenderEvent): Promise<void> => {
    if (code === undefined) return
    const message = Uint8Array.from(Buffer.from(code, 'base64'))
    const { plaintext } = await decrypt(message, { keyring, commitmentPolicy: 'require-encrypt-allow-decrypt' })
    await send(userAttributes.email ?? '', new TextDecoder().decode(plaintext))
  }
}
