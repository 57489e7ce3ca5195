import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { VectorKey, VectorKeys } from '../vector.ts'
import { base64, seeded } from './bytes.ts'

const NAMESPACE = 'bongtu-vectors'
const file = new URL('../vectors/keys.json', import.meta.url)

/** The keys of the committed vectors: those that were committed before, where there are any. */
export function vectorKeys(): VectorKeys {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    const keys = makeKeys()
    writeFileSync(file, `${JSON.stringify(keys, null, 1)}\n`)
    return keys
  }
}

const aes = (name: string, bits: number, seed = name): VectorKey => ({
  type: 'raw-aes',
  namespace: NAMESPACE,
  name,
  key: base64(seeded(`key ${seed}`, bits / 8)),
})

function makeKeys(): VectorKeys {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const rsa = (padding: Extract<VectorKey, { type: 'raw-rsa' }>['padding']): VectorKey => ({
    type: 'raw-rsa',
    namespace: NAMESPACE,
    name: 'rsa-2048',
    padding,
    publicKey,
    privateKey,
  })
  const signing = (namedCurve: string): string =>
    generateKeyPairSync('ec', {
      namedCurve,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey
  return {
    wrapping: {
      'aes-128': aes('aes-128', 128),
      'aes-192': aes('aes-192', 192),
      'aes-256': aes('aes-256', 256),
      'other-key-of-the-same-name': aes('aes-256', 256, 'another'),
      'name-that-begins-the-same': aes('aes-25', 256, 'aes-256'),
      'name-beyond-ascii': aes('schlüssel-🔑', 256),
      'oaep-sha1': rsa('oaep-sha1'),
      'oaep-sha256': rsa('oaep-sha256'),
      'oaep-sha384': rsa('oaep-sha384'),
      'oaep-sha512': rsa('oaep-sha512'),
    },
    signing: { p256: signing('P-256'), p384: signing('P-384') },
  }
}
