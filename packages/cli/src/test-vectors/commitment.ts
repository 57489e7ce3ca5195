import type { Keyring } from '@bongtu/client'
import { refused } from '../failure.ts'
import type { VectorCase } from './case.ts'
import { array, type JsonObject, object, text } from './json.ts'

/** The published messages of version 2 with their data keys in clear: a list rather than a manifest. */
export const isCommitmentList = (json: JsonObject): boolean => json.manifest === undefined && Array.isArray(json.tests)

export function casesOfCommitmentList(name: string, json: JsonObject): VectorCase[] {
  return array(json.tests, `${name}: tests`).map((test, index) => {
    const id = `test ${index + 1}`
    return caseOf(id, object(test, `${name}: ${id}`))
  })
}

function caseOf(id: string, test: JsonObject): VectorCase {
  const dataKey = fromBase64(test['decrypted-dek'], `${id}: decrypted-dek`)
  return {
    id,
    ciphertext: async () => fromBase64(test.ciphertext, `${id}: ciphertext`),
    keys: () => ({ keyrings: [knownDataKey(dataKey)], missing: [] }),
    encryptionContext: {},
    unsignedOnly: false,
    plaintext: test.status === true ? plaintextOf(id, test) : null,
  }
}

function plaintextOf(id: string, test: JsonObject): () => Promise<Uint8Array> {
  const frames = array(test['plaintext-frames'], `${id}: plaintext-frames`).map((frame) => text(frame, id))
  return async () => new TextEncoder().encode(frames.join(''))
}

function fromBase64(value: unknown, where: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text(value, where), 'base64'))
}

/** Opens any encrypted data key, since its data key is known. */
function knownDataKey(dataKey: Uint8Array): Keyring {
  return {
    name: 'known data key',
    wrapDataKey: () => Promise.reject(refused('a known data key wraps nothing')),
    unwrapDataKey: async ({ encryptedDataKeys: [encryptedDataKey] }) =>
      encryptedDataKey === undefined ? null : { dataKey: dataKey.slice(), encryptedDataKey },
  }
}
