import type { Duplex } from 'node:stream'
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  NodeCachingMaterialsManager,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import type { KeySetup } from './setup.ts'

/** The AWS Encryption SDK for JavaScript, on the same key, suites and frames. */
export interface Peer {
  readonly encryptStream: () => Duplex
  readonly decryptStream: () => Duplex
  readonly encrypt: (plaintext: Uint8Array) => Promise<Uint8Array>
  readonly decrypt: (message: Uint8Array) => Promise<Uint8Array>
}

const client = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

export const peer = (setup: KeySetup, frameLength: number, signed: boolean): Peer =>
  peerOver(keyringOf(setup), setup, frameLength, signed)

/** The same over its caching materials manager. */
export const cachingPeer = (
  setup: KeySetup,
  frameLength: number,
  signed: boolean,
  { capacity, maxAge }: { readonly capacity: number; readonly maxAge: number },
): Peer => {
  const materials = new NodeCachingMaterialsManager({
    backingMaterials: keyringOf(setup),
    cache: getLocalCryptographicMaterialsCache(capacity),
    maxAge,
  })
  return peerOver(materials, setup, frameLength, signed)
}

const keyringOf = ({ namespace, name, key }: KeySetup): RawAesKeyringNode =>
  new RawAesKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    // The keyring keeps the key it is given, and requires it to lie in memory of its own.
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  })

const peerOver = (
  materials: RawAesKeyringNode | NodeCachingMaterialsManager,
  { encryptionContext }: KeySetup,
  frameLength: number,
  signed: boolean,
): Peer => {
  const suiteId = signed
    ? AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
    : AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY
  const options = { suiteId, frameLength, encryptionContext }
  return {
    encryptStream: () => client.encryptStream(materials, options),
    decryptStream: () => client.decryptStream(materials),
    encrypt: async (plaintext) => (await client.encrypt(materials, plaintext, options)).result,
    decrypt: async (message) => (await client.decrypt(materials, message)).plaintext,
  }
}
