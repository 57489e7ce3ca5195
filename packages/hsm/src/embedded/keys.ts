import type { RsaPublicKey } from '@bongtu/crypto'
import { generateRsaKeyPair, nodeEngine, type SyncAesGcm, type SyncRsaPrivateKey } from '@bongtu/crypto/node'
import type { NewKey, TokenKey } from '../token.ts'
import type { StoredKey } from './contents.ts'

/** A key that is ready for use and does not show its value. */
export interface LoadedKey {
  readonly described: TokenKey
  readonly use: { readonly aes: SyncAesGcm } | { readonly rsa: SyncRsaPrivateKey; readonly publicKey: RsaPublicKey }
}

const ID_LENGTH = 8

/** Takes the key into the engine. The caller zeroes the stored one. */
export function loadKey({ kind, label, id, value, publicKey }: StoredKey): LoadedKey {
  const common = { label, id, kind, sensitive: true, extractable: false, decrypts: true } as const
  if (kind === 'aes') {
    const described = { ...common, bits: value.length * 8, encrypts: true }
    return { described, use: { aes: nodeEngine.aesGcm(value) } }
  }
  const rsa = nodeEngine.importRsaPrivateKey(value)
  const described = { ...common, bits: rsa.modulusLength * 8, encrypts: false }
  return { described, use: { rsa, publicKey: nodeEngine.importRsaPublicKey(publicKey) } }
}

/** A fresh key. The caller zeroes its value. `bits` is one of those that its kind has. */
export async function newStoredKey({ kind, label }: NewKey, bits: number): Promise<StoredKey> {
  const id = nodeEngine.random(ID_LENGTH)
  if (kind === 'aes') return { kind, label, id, value: nodeEngine.random(bits / 8), publicKey: new Uint8Array(0) }
  const pair = await generateRsaKeyPair(bits as 2048 | 3072 | 4096)
  return { kind, label, id, value: pair.privateKeyDer, publicKey: pair.publicKeyDer }
}
