import { KMS, KMSClient } from '@aws-sdk/client-kms'
import type { Keyring } from '@bongtu/client'
import { keyringConformance } from '@bongtu/client/conformance'
import {
  awsKms,
  awsKmsDiscovery,
  awsKmsMrk,
  awsKmsMrkDiscovery,
  type KmsClients,
  kmsClient,
  localKmsKeyring,
} from '@bongtu/keyrings/aws-kms'
import type { LocalKms } from '@bongtu/kms'
import { describe, it } from 'vitest'
import { ABROAD, ACCOUNT, asAccount, HOME, keys, OTHER_ACCOUNT, testKms } from './support/kms.ts'

const runner = { describe, it }
const filter = { partition: 'aws', accountIds: [ACCOUNT] }

/** Every way to give a keyring its KMS. */
const clients: Readonly<Record<string, (kms: LocalKms) => KmsClients>> = {
  'localKms itself': (kms) => kms,
  'a KMS of the AWS SDK': (kms) => new KMS(kms.clientConfig()),
  'a KMSClient of the AWS SDK': (kms) => new KMSClient(kms.clientConfig()),
  'a kmsClient for each Region': (kms) => (region) =>
    kmsClient({
      region: region ?? HOME,
      endpoint: 'http://localhost',
      credentials: kms.clientConfig().credentials,
      fetch: kms.handle,
    }),
}

/** Keyrings that wrap, and siblings under other keys. */
const wrapping: Readonly<Record<string, (kms: KmsClients) => readonly [Keyring, Keyring]>> = {
  awsKms: (kms) => [awsKms({ keyId: keys.first, kms }), awsKms({ keyId: keys.second, kms })],
  'awsKms with an alias that is resolved': (kms) => [
    awsKms({ keyId: keys.alias, kms, resolveKeyIds: true }),
    awsKms({ keyId: keys.second, kms }),
  ],
  'awsKms with a multi-Region key': (kms) => [
    awsKms({ keyId: keys.mrk.home, kms }),
    awsKms({ keyId: keys.otherMrk.home, kms }),
  ],
  // With a multi-Region key its very purpose is to open what names another Region.
  awsKmsMrk: (kms) => [awsKmsMrk({ keyId: keys.first, kms }), awsKmsMrk({ keyId: keys.second, kms })],
}

for (const [client, clientOf] of Object.entries(clients)) {
  for (const [name, make] of Object.entries(wrapping)) {
    keyringConformance(runner, {
      name: `${name}, over ${client}`,
      bindsContext: true,
      make: async () => {
        const [keyring, sibling] = make(clientOf((await testKms()).kms))
        return { keyring, sibling }
      },
    })
  }
}

for (const make of [awsKmsDiscovery, awsKmsMrkDiscovery]) {
  keyringConformance(runner, {
    name: make.name,
    bindsContext: true,
    generates: false,
    wrapsGiven: false,
    make: async () => {
      const { kms } = await testKms()
      return {
        keyring: make({ filter, kms }),
        writer: awsKms({ keyId: keys.first, kms }),
        sibling: awsKms({ keyId: keys.foreign, kms: asAccount(kms, OTHER_ACCOUNT) }),
      }
    },
  })
}

for (const make of [awsKms, awsKmsMrk]) {
  keyringConformance(runner, {
    name: `${make.name} with further keys`,
    bindsContext: true,
    wrapsGiven: false,
    make: async () => {
      const { kms } = await testKms()
      return {
        keyring: make({ keyId: keys.first, furtherKeyIds: [keys.abroad, keys.third], kms }),
        sibling: make({ keyId: keys.second, furtherKeyIds: [keys.twelve[3] ?? ''], kms }),
      }
    },
  })
}

keyringConformance(runner, {
  name: 'awsKmsMrkDiscovery in two Regions',
  bindsContext: true,
  generates: false,
  wrapsGiven: false,
  make: async () => {
    const { kms } = await testKms()
    return {
      keyring: awsKmsMrkDiscovery({ filter, regions: [ABROAD, HOME], kms }),
      writer: awsKms({ keyId: keys.first, kms }),
      sibling: awsKms({ keyId: keys.foreign, kms: asAccount(kms, OTHER_ACCOUNT) }),
    }
  },
})

keyringConformance(runner, {
  name: 'localKmsKeyring',
  bindsContext: true,
  make: async () => {
    const { kms } = await testKms()
    const { kms: other } = await testKms()
    return { keyring: localKmsKeyring(kms, 'alias/new'), sibling: localKmsKeyring(other, 'alias/new') }
  },
})
