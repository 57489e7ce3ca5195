import type { DataKeyCache, DecryptionMaterials, EncryptionMaterials } from '../../src/index.ts'

/** The worst of caches: it keeps one answer of each kind and gives it to everyone, whatever they ask. */
export function fixedCache(
  alter: <T extends EncryptionMaterials | DecryptionMaterials>(kept: T) => T = (kept) => kept,
): DataKeyCache {
  let encryption: EncryptionMaterials | undefined
  let decryption: DecryptionMaterials | undefined
  const copy = <T extends EncryptionMaterials | DecryptionMaterials>(kept: T): T =>
    alter({ ...kept, dataKey: kept.dataKey.slice() })
  return {
    async forEncryption({ generate, signal }) {
      const outcome = encryption === undefined ? 'miss' : 'hit'
      encryption ??= await generate(signal)
      return { ...copy(encryption), outcome }
    },
    async forDecryption({ unwrap, signal }) {
      const outcome = decryption === undefined ? 'miss' : 'hit'
      decryption ??= await unwrap(signal)
      return { ...copy(decryption), outcome }
    },
  }
}
