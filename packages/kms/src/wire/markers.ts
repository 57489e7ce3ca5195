import { equal, hmacSha256Key } from '@bongtu/crypto/node'
import { KmsError } from './errors.ts'

/** Where the next page starts, sealed so that only the list which it came from takes it back. */
export interface Markers {
  /** `scope` names the list: operation, account, Region and key. */
  issue(scope: string, after: string): string
  /** The `after` of the marker. Throws InvalidMarkerException where it was altered or belongs to another list. */
  read(scope: string, marker: string): string
}

const TAG_LENGTH = 16

/** `key` has 32 bytes. Markers of one key are good in every process that holds it. */
export function createMarkers(key: Uint8Array): Markers {
  const mac = hmacSha256Key(key)
  const tagOf = (scope: string, after: string) => mac(JSON.stringify([scope, after])).subarray(0, TAG_LENGTH)
  return {
    issue: (scope, after) => Buffer.concat([tagOf(scope, after), Buffer.from(after)]).toString('base64url'),
    read(scope, marker) {
      const bytes = new Uint8Array(Buffer.from(marker, 'base64url'))
      const after = new TextDecoder().decode(bytes.subarray(TAG_LENGTH))
      if (!equal(bytes.subarray(0, TAG_LENGTH), tagOf(scope, after))) throw new KmsError('InvalidMarkerException')
      return after
    },
  }
}
