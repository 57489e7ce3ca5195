import { KMS, KMSClient } from '@aws-sdk/client-kms'
import { decrypt, encrypt } from '@bongtu/client'
import { awsKms, awsKmsDiscovery, awsKmsMrkDiscovery, limitRegions } from '@bongtu/keyrings/aws-kms'
import { BongtuError } from '@bongtu/message-format'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, CONTEXT, SUITE, wrapOne } from '../asking.ts'
import { countingKey } from '../keys.ts'
import { ABROAD, ACCOUNT, asAccount, FAR, HOME, keys, OTHER_ACCOUNT, testKms } from './support/kms.ts'
import { stubKms } from './support/stub-kms.ts'

const filter = { partition: 'aws', accountIds: [ACCOUNT] }
const edk = (arn: string) => ({
  providerId: 'aws-kms',
  keyInfo: new TextEncoder().encode(arn),
  ciphertext: Uint8Array.of(1),
})
const opensAll = () =>
  stubKms({ decrypt: ({ KeyId }: { KeyId: string }) => ({ KeyId, Plaintext: countingKey(32) }) }, HOME)

afterEach(() => vi.unstubAllEnvs())

describe.each([awsKmsDiscovery, awsKmsMrkDiscovery])('%o, its options', (make) => {
  it('must have a filter, or say by name that there is none', () => {
    expect(() => make({} as never)).toThrow(/'any-account'/)
    expect(() => make({ filter: null as never })).toThrow(/'any-account'/)
    expect(() => make({ filter: 'any' as never })).toThrow(/'any-account'/)
    expect(() => make({ filter: 'any-account' })).not.toThrow()
  })

  it('refuse a filter that does not filter', () => {
    expect(() => make({ filter: { partition: 'aws' } as never })).toThrow(/accountIds must be an array/)
    expect(() => make({ filter: { partition: 'aws', accountIds: [] } })).toThrow(/accountIds must be an array/)
    expect(() => make({ filter: { partition: 'aws', accountIds: [''] } })).toThrow(/accountIds must be an array/)
    expect(() => make({ filter: { partition: 'aws', accountIds: [1 as never] } })).toThrow(TypeError)
    expect(() => make({ filter: { partition: 'aws', accountIds: ACCOUNT as never } })).toThrow(TypeError)
    expect(() => make({ filter: { partition: '', accountIds: [ACCOUNT] } })).toThrow(/partition/)
    expect(() => make({ filter: { accountIds: [ACCOUNT] } as never })).toThrow(/partition/)
    expect(() => make({ filter: { ...filter, accountIDs: [] } as never })).toThrow(/has no option accountIDs/)
  })

  it('refuse an option that the keyring does not have, a key id among them', () => {
    expect(() => make({ filter, discoveryFilter: filter } as never)).toThrow(/has no option discoveryFilter/)
    expect(() => make({ filter, keyId: keys.first } as never)).toThrow(/has no option keyId/)
  })

  it('refuse regions that are none', () => {
    for (const regions of [[], [''], 'us-east-1', ['us-east-1', 7], ['evil.example/'], null]) {
      expect(() => make({ filter, regions: regions as never })).toThrow(TypeError)
    }
  })

  it('refuse several regions for one client, which calls one', async () => {
    const { kms } = await testKms()
    const one = new KMS(kms.clientConfig())
    expect(() => make({ filter, regions: [HOME, ABROAD], kms: one })).toThrow(/one client calls one Region/)
    expect(() => make({ filter, regions: [HOME, HOME], kms: one })).not.toThrow()
    expect(() => make({ filter, regions: [HOME, ABROAD], kms })).not.toThrow()
  })

  it('hold grant tokens to what KMS takes', () => {
    expect(() => make({ filter, grantTokens: Array.from({ length: 11 }, () => 'a') })).toThrow(RangeError)
  })

  it('never wrap', async () => {
    for (const regions of [[HOME], [HOME, ABROAD]]) {
      const keyring = make({ filter, regions })
      const wrapping = keyring.wrapDataKey({ suite: SUITE, encryptionContext: CONTEXT })
      await expect(wrapping).rejects.toSatisfy(
        (error) => BongtuError.is(error, 'ERR_KEYRING') && /only decrypts: name a key with awsKms/.test(error.message),
      )
    }
  })
})

describe('the filter', () => {
  it('passes over other accounts and partitions without a call', async () => {
    const kms = opensAll()
    const others = [
      edk(keys.foreign),
      edk(keys.first.replace('arn:aws:', 'arn:aws-cn:')),
      edk(keys.first.replace(ACCOUNT, `${ACCOUNT}0`)),
    ]
    for (const make of [awsKmsDiscovery, awsKmsMrkDiscovery]) {
      const { opened, reasons } = await ask(make({ filter, kms }), others)
      expect(opened).toBeNull()
      expect(reasons).toEqual([
        `its account ${OTHER_ACCOUNT} is filtered out`,
        'its partition aws-cn is filtered out',
        `its account ${ACCOUNT}0 is filtered out`,
      ])
    }
    expect(kms.asked).toEqual([])
  })

  it('admits each of its accounts', async () => {
    const kms = opensAll()
    const accountIds = [OTHER_ACCOUNT, ACCOUNT]
    const keyring = awsKmsDiscovery({ filter: { partition: 'aws', accountIds }, kms })
    accountIds.length = 0
    expect((await ask(keyring, [edk(keys.foreign)])).opened).not.toBeNull()
    expect((await ask(keyring, [edk(keys.first)])).opened).not.toBeNull()
  })

  it('is off only for any-account', async () => {
    const { kms } = await testKms()
    const foreign = asAccount(kms, OTHER_ACCOUNT)
    const { own, dataKey } = await wrapOne(awsKms({ keyId: keys.foreign, kms: foreign }))
    expect((await ask(awsKmsDiscovery({ filter, kms: foreign }), [own])).opened).toBeNull()
    expect((await ask(awsKmsDiscovery({ filter: 'any-account', kms: foreign }), [own])).opened?.dataKey).toEqual(
      dataKey,
    )
  })
})

describe('a Region that a message names', () => {
  const hostile = ['evil.example/', 'us-east-1@evil.example', 'us-east-1.evil.example', '..', '127.0.0.1']

  it('is never called and never asked a supplier for, unless it is configured', async () => {
    const supplier = vi.fn((_region: string | undefined) => opensAll())
    for (const make of [awsKmsDiscovery, awsKmsMrkDiscovery]) {
      const keyring = make({ filter, regions: [HOME], kms: supplier })
      const messages = [...hostile, ABROAD, FAR].map((region) => edk(keys.first.replace(HOME, region)))
      const { opened, reasons } = await ask(keyring, messages)
      expect(opened).toBeNull()
      expect(reasons).toHaveLength(messages.length)
      for (const reason of reasons) expect(reason).toMatch(/^its Region .* is not us-east-1$/)
    }
    expect(supplier.mock.calls.flat()).toEqual([HOME, HOME])
  })

  it('shows in reasons without what a terminal obeys or turns round, in one line, and cut short', async () => {
    const region = `\u{1b}]0;owned\u{7}\u{202e}\u{2028}${'x'.repeat(5000)}`
    const { reasons } = await ask(awsKmsDiscovery({ filter, kms: opensAll() }), [edk(keys.first.replace(HOME, region))])
    expect(reasons[0]).toMatch(/^its Region {2}\]0;owned x{988} is not us-east-1$/)
  })

  it('is replaced by the configured one for a multi-Region key, and for no other', async () => {
    const kms = opensAll()
    const keyring = awsKmsMrkDiscovery({ filter, kms })
    for (const region of [...hostile, ABROAD]) {
      const { opened } = await ask(keyring, [
        edk(keys.mrk.home.replace(HOME, region)),
        edk(keys.first.replace(HOME, region)),
      ])
      expect(opened?.dataKey).toEqual(new Uint8Array(countingKey(32)))
    }
    expect(new Set(kms.asked.map(({ request }) => request.KeyId))).toEqual(new Set([keys.mrk.home]))
  })
})

describe('the Region that is called', () => {
  it('is by default that of the one client', async () => {
    const { kms, calls } = await testKms()
    const [{ own: home }, { own: abroad }] = await Promise.all([
      wrapOne(awsKms({ keyId: keys.first, kms })),
      wrapOne(awsKms({ keyId: keys.abroad, kms })),
    ])
    calls()
    for (const client of [
      new KMS(kms.clientConfig({ region: ABROAD })),
      new KMSClient(kms.clientConfig({ region: ABROAD })),
    ]) {
      const { opened, reasons } = await ask(awsKmsDiscovery({ filter, kms: client }), [home, abroad])
      expect(opened?.encryptedDataKey).toBe(abroad)
      expect(reasons).toEqual([`its Region ${HOME} is not ${ABROAD}`])
    }
    expect(calls()).toEqual(Array.from({ length: 2 }, () => `Decrypt ${keys.abroad} in ${ABROAD}`))
  })

  it('is by default the own one of a KMS in the process', async () => {
    const { kms } = await testKms({ region: HOME })
    const { own } = await wrapOne(awsKms({ keyId: keys.abroad, kms }))
    expect((await ask(awsKmsDiscovery({ filter, kms }), [own])).reasons).toEqual([
      `its Region ${ABROAD} is not ${HOME}`,
    ])
    expect((await ask(awsKmsDiscovery({ filter, kms, regions: [ABROAD] }), [own])).opened).not.toBeNull()
  })

  it.each(['AWS_REGION', 'AWS_DEFAULT_REGION'])(
    'is by default the caller’s, as %s has it, for a supplier',
    async (name) => {
      vi.stubEnv('AWS_REGION', '')
      vi.stubEnv(name, ABROAD)
      const supplier = vi.fn((region: string | undefined) => stubKms({ decrypt: () => ({}) }, region))
      await ask(awsKmsDiscovery({ filter, kms: supplier }), [edk(keys.first), edk(keys.abroad)])
      expect(supplier.mock.calls).toEqual([[ABROAD]])
    },
  )

  it('must be set somewhere: else it is said what to set', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, '')
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere/aws')
    const supplier = vi.fn(() => opensAll())
    const { reasons } = await ask(awsKmsDiscovery({ filter, kms: supplier }), [edk(keys.first)])
    expect(reasons).toEqual([expect.stringMatching(/no AWS Region is set: set AWS_REGION/)])
    expect(supplier).not.toHaveBeenCalled()
  })

  it('is the caller’s where the one client does not tell its own', async () => {
    vi.stubEnv('AWS_REGION', HOME)
    const { config: _told, ...silent } = opensAll()
    for (const kms of [silent, { ...silent, config: { region: HOME } as never }]) {
      expect((await ask(awsKmsDiscovery({ filter, kms }), [edk(keys.first)])).opened).not.toBeNull()
    }
  })

  it('must be that of the client where the client tells', async () => {
    const { reasons } = await ask(awsKmsDiscovery({ filter, regions: [ABROAD], kms: opensAll() }), [edk(keys.abroad)])
    expect(reasons).toEqual([`failed: the client calls ${HOME}, and ${ABROAD} is configured`])
  })

  it('is none where the supplier has no client for it', async () => {
    const kms = limitRegions([ABROAD], () => opensAll())
    const { reasons } = await ask(awsKmsDiscovery({ filter, regions: [HOME], kms }), [edk(keys.first)])
    expect(reasons).toEqual([`the client supplier has no client for ${HOME}`])
  })

  it('is each of the configured ones in turn, and each is called once', async () => {
    const { kms, calls } = await testKms()
    const writer = awsKms({ keyId: keys.first, furtherKeyIds: [keys.abroad], kms })
    const { encryptedDataKeys } = await writer.wrapDataKey({ suite: SUITE, encryptionContext: CONTEXT })
    calls()
    const keyring = awsKmsDiscovery({ filter, regions: [FAR, ABROAD, FAR, HOME], kms })
    expect((await ask(keyring, encryptedDataKeys)).opened?.encryptedDataKey).toBe(encryptedDataKeys[1])
    expect(calls()).toEqual([`Decrypt ${keys.abroad} in ${ABROAD}`])
  })
})

describe('awsKmsMrkDiscovery', () => {
  it('opens with a replica in its Region what another Region wrapped', async () => {
    const { kms, calls } = await testKms()
    const { ciphertext } = await encrypt(Uint8Array.of(7), { keyring: awsKms({ keyId: keys.mrk.home, kms }) })
    calls()
    const { plaintext } = await decrypt(ciphertext, { keyring: awsKmsMrkDiscovery({ filter, regions: [FAR], kms }) })
    expect(plaintext).toEqual(Uint8Array.of(7))
    expect(calls()).toEqual([`Decrypt ${keys.mrk.far} in ${FAR}`])
    const strict = awsKmsDiscovery({ filter, regions: [FAR], kms })
    await expect(decrypt(ciphertext, { keyring: strict })).rejects.toMatchObject({ code: 'ERR_NO_KEY' })
  })

  it('compares the key id of the answer with what it asked for, not with what the message names', async () => {
    const kms = stubKms({ decrypt: () => ({ KeyId: keys.mrk.abroad, Plaintext: countingKey(32) }) }, HOME)
    const { opened, reasons } = await ask(awsKmsMrkDiscovery({ filter, kms }), [edk(keys.mrk.abroad)])
    expect(opened).toBeNull()
    expect(reasons).toEqual([`failed: Decrypt under ${keys.mrk.home} answered for another key`])
  })
})
