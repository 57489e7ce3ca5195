/** Opens what a caller typed in, as Amazon Connect encrypted it for your public key. */
import { decrypt, rawRsa } from 'bongtu'

/** `keyId` is the one that the console of Amazon Connect shows beside the public key, `privateKey` its other half in PEM. */
export async function storedCustomerInput(input: string, keyId: string, privateKey: string): Promise<string> {
  const keyring = rawRsa({ namespace: 'AmazonConnect', name: keyId, padding: 'oaep-sha512', privateKey })
  const message = Uint8Array.from(Buffer.from(input, 'base64'))
  const { plaintext } = await decrypt(message, { keyring, commitmentPolicy: 'require-encrypt-allow-decrypt' })
  return new TextDecoder().decode(plaintext)
}
