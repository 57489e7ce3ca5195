/** A keyring of your own: two functions that wrap and unwrap a data key, here with a service in the manner of Vault's transit. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { decrypt, type EncryptionContext, encrypt, type Keyring } from 'bongtu'

const serviceKey = randomBytes(32)

/** Stands for the service, which never gives its key away. */
const transit = {
  async encrypt(plaintext: Uint8Array, context: string) {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', serviceKey, iv).setAAD(Buffer.from(context))
    return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  },
  async decrypt(token: Uint8Array, context: string) {
    const decipher = createDecipheriv('aes-256-gcm', serviceKey, token.subarray(0, 12)).setAAD(Buffer.from(context))
    decipher.setAuthTag(token.subarray(-16))
    return Buffer.concat([decipher.update(token.subarray(12, -16)), decipher.final()])
  },
}

const provider = { providerId: 'example-transit', keyInfo: new TextEncoder().encode('orders') }
const bound = (context: EncryptionContext): string => JSON.stringify(Object.entries(context).sort())

const keyring: Keyring = {
  async wrapDataKey({ suite, encryptionContext, dataKey = randomBytes(suite.dataKeyLength) }) {
    const ciphertext = await transit.encrypt(dataKey, bound(encryptionContext))
    return { dataKey, encryptedDataKeys: [{ ...provider, ciphertext }] }
  },
  async unwrapDataKey({ encryptedDataKeys, encryptionContext, passedOver }) {
    const ours = encryptedDataKeys.find(({ providerId }) => providerId === provider.providerId)
    for (const other of encryptedDataKeys) if (other !== ours) passedOver(other, 'of another provider')
    return ours
      ? { dataKey: await transit.decrypt(ours.ciphertext, bound(encryptionContext)), encryptedDataKey: ours }
      : null
  },
}

const { ciphertext } = await encrypt(Buffer.from('hello'), { keyring, encryptionContext: { order: '7' } })
const { plaintext } = await decrypt(ciphertext, { keyring, encryptionContext: { order: '7' } })
console.log(`by way of the service: ${Buffer.from(plaintext)}`)
