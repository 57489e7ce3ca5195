import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  type KMSClientConfig,
} from '@aws-sdk/client-kms'
import type { Seed, WireRequest } from '@bongtu/kms'

const keyId = '0f0f0f0f-0000-4000-8000-000000000001'
const credentials = { accessKeyId: 'AKIDBENCH', secretAccessKey: 'a secret access key of forty characters.' }
const region = 'us-east-1'
const EncryptionContext = { purpose: 'bench', tenant: 'acme' }
const Plaintext = new Uint8Array(32).fill(7)

/** One key, and one credential, by which every request is then checked. */
export const seed: Seed = { region, credentials: [credentials], keys: [{ id: keyId, aliases: ['alias/bench'] }] }

/** What is measured of the API. `blob` is what Encrypt made under the key. */
export const commands = {
  GenerateDataKey: () => new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }),
  Encrypt: () => new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext }),
  Decrypt: (blob: Uint8Array) => new DecryptCommand({ CiphertextBlob: blob, EncryptionContext }),
} as const

export type Measured = keyof typeof commands
export const measured: readonly Measured[] = ['GenerateDataKey', 'Encrypt', 'Decrypt']

type SdkRequest = Readonly<{ headers: Record<string, string>; body: Uint8Array }>

/** The request as the AWS SDK signs it now; the KMS takes it for five minutes. */
export const signedRequest = async (name: Measured, host: string, blob: Uint8Array): Promise<WireRequest> => {
  let sent: SdkRequest | undefined
  const requestHandler = {
    handle: async (request: SdkRequest) => {
      sent = request
      return { response: { statusCode: 200, headers: {}, body: new TextEncoder().encode('{}') } }
    },
  } as unknown as NonNullable<KMSClientConfig['requestHandler']>
  const client = new KMSClient({ region, credentials: { ...credentials }, endpoint: `http://${host}`, requestHandler })
  const command = commands[name](blob)
  await client.send(command as never)
  if (sent === undefined) throw new Error('the SDK sent nothing')
  const headers = Object.fromEntries(Object.entries(sent.headers).map(([field, value]) => [field.toLowerCase(), value]))
  return { method: 'POST', url: '/', headers: { ...headers, host }, body: Uint8Array.prototype.slice.call(sent.body) }
}

/** The request as it goes over a socket. */
export const httpBytes = ({ method, url, headers, body }: WireRequest): Buffer => {
  const fields = Object.entries({ ...headers, 'content-length': String(body.length) })
  const head = [`${method} ${url} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}

/** A ciphertext under the key, in base64 within an answer of Encrypt. */
export const blobOf = (answer: Uint8Array): Uint8Array => {
  const text = new TextDecoder().decode(answer)
  const { CiphertextBlob } = JSON.parse(text.slice(text.indexOf('{')))
  return Buffer.from(CiphertextBlob, 'base64')
}
