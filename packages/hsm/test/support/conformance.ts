import { keyringConformance } from '@bongtu/client/conformance'
import { localHsm, type OaepPadding, type Token } from '@bongtu/hsm'
import { beforeAll, describe, it } from 'vitest'

/** Runs the keyring conformance suite on an AES key and, for each padding, an RSA key of the token. */
export function tokenConformance(name: string, token: Token, paddings: readonly OaepPadding[]): void {
  const namespace = 'conformance'
  beforeAll(async () => {
    for (const label of ['first', 'second']) {
      await token.generateKey({ kind: 'aes', label })
      await token.generateKey({ kind: 'rsa', label, bits: 2048 })
    }
  }, 60_000)
  keyringConformance(
    { describe, it },
    {
      name: `localHsm on an AES key in ${name}`,
      bindsContext: true,
      make: () => ({
        keyring: localHsm({ token, key: 'first', namespace, name: 'key' }),
        sibling: localHsm({ token, key: 'second', namespace, name: 'key' }),
      }),
    },
  )
  for (const padding of paddings) {
    keyringConformance(
      { describe, it },
      {
        name: `localHsm on an RSA key with ${padding} in ${name}`,
        bindsContext: false,
        make: () => ({
          keyring: localHsm({ token, key: 'first', namespace, name: 'key', padding }),
          sibling: localHsm({ token, key: 'second', namespace, name: 'key', padding }),
        }),
      },
    )
  }
}
