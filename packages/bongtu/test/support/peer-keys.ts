import { constants, generateKeyPairSync } from 'node:crypto'
import {
  type KeyringNode,
  MultiKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  RawRsaKeyringNode,
} from '@aws-crypto/client-node'
import { type Keyring, multi, rawAes, rawRsa } from '../../src/index.ts'

/** One wrapping key, in bongtu and in the AWS Encryption SDK for JavaScript. */
export interface KeyInBoth {
  readonly name: string
  readonly ours: Keyring
  readonly theirs: KeyringNode
}

const namespace = 'peer-test'

const wrappingSuites = {
  16: RawAesWrappingSuiteIdentifier.AES128_GCM_IV12_TAG16_NO_PADDING,
  24: RawAesWrappingSuiteIdentifier.AES192_GCM_IV12_TAG16_NO_PADDING,
  32: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
} as const

/** The peer keeps the key that it is given, and wants it in memory of its own. */
export function aesKey(length: 16 | 24 | 32, { utf8Sorting = true, legacyJsContextOrder = false } = {}): KeyInBoth {
  const name = `aes-${length * 8}`
  const key = Uint8Array.from({ length }, (_, at) => at * 7 + length)
  const theirs = new RawAesKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    unencryptedMasterKey: key.slice(),
    wrappingSuite: wrappingSuites[length],
    utf8Sorting,
  })
  return { name, ours: rawAes({ namespace, name, key, legacyJsContextOrder }), theirs }
}

const rsaPair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export function rsaKey(oaepHash: 'sha1' | 'sha256' | 'sha384' | 'sha512'): KeyInBoth {
  const name = `rsa-oaep-${oaepHash}`
  const theirs = new RawRsaKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    rsaKey: rsaPair,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash,
  })
  return { name, ours: rawRsa({ namespace, name, padding: `oaep-${oaepHash}`, ...rsaPair }), theirs }
}

/** Made at first use: a Node that does not decrypt with this padding has no such keyring of ours. */
export function rsaPkcs1Key(): KeyInBoth {
  const name = 'rsa-pkcs1'
  const theirs = new RawRsaKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    rsaKey: rsaPair,
    padding: constants.RSA_PKCS1_PADDING,
  })
  return { name, ours: rawRsa({ namespace, name, padding: 'pkcs1', ...rsaPair }), theirs }
}

/** Three keyrings as one: what is written has three encrypted data keys. */
export function threeKeys(generator: KeyInBoth, second: KeyInBoth, third: KeyInBoth): KeyInBoth {
  return {
    name: `${generator.name} with ${second.name} and ${third.name}`,
    ours: multi({ generator: generator.ours, children: [second.ours, third.ours] }),
    theirs: new MultiKeyringNode({ generator: generator.theirs, children: [second.theirs, third.theirs] }),
  }
}
