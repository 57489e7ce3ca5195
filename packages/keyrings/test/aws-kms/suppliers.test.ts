import { KMS, KMSClient } from '@aws-sdk/client-kms'
import {
  awsKms,
  cacheClients,
  excludeRegions,
  type KmsClientSupplier,
  limitRegions,
  regionalClients,
} from '@bongtu/keyrings/aws-kms'
import { describe, expect, it, vi } from 'vitest'
import { ask, CONTEXT, SUITE, wrapOne } from '../asking.ts'
import { ABROAD, bareId, FAR, HOME, keys, testKms } from './support/kms.ts'
import { stubKms } from './support/stub-kms.ts'

const request = { suite: SUITE, encryptionContext: CONTEXT }
const supplier = () => vi.fn<KmsClientSupplier>(() => stubKms({}))

describe('limitRegions', () => {
  it('gives no client for any other Region, and does not ask for one', () => {
    const inner = supplier()
    const limited = limitRegions([HOME, ABROAD], inner)
    expect([HOME, FAR, ABROAD].map((region) => limited(region) === null)).toEqual([false, true, false])
    expect(inner.mock.calls).toEqual([[HOME], [ABROAD]])
  })

  it('gives none where no Region is named: that would be whatever the caller’s own is', () => {
    expect(limitRegions([HOME], supplier())(undefined)).toBeNull()
  })
})

describe('excludeRegions', () => {
  it('gives no client for these Regions, and does not ask for one', () => {
    const inner = supplier()
    const limited = excludeRegions([HOME, ABROAD], inner)
    expect([HOME, FAR, ABROAD].map((region) => limited(region) === null)).toEqual([true, false, true])
    expect(inner.mock.calls).toEqual([[FAR]])
  })

  it('gives none where no Region is named: it may be one of these', () => {
    expect(excludeRegions([HOME], supplier())(undefined)).toBeNull()
  })
})

describe.each([limitRegions, excludeRegions])('%o', (make) => {
  it('takes Regions and a supplier', () => {
    for (const regions of [[], [''], [7], HOME, undefined]) {
      expect(() => make(regions as never, supplier())).toThrow(TypeError)
    }
    expect(() => make([HOME], stubKms({}) as never)).toThrow(/function from Region to client/)
  })

  it('does not change when its list does', () => {
    const regions = [HOME]
    const limited = make(regions, supplier())
    const before = [limited(HOME) === null, limited(FAR) === null]
    regions.splice(0, 1, FAR)
    expect([limited(HOME) === null, limited(FAR) === null]).toEqual(before)
  })
})

describe('cacheClients', () => {
  it('asks once for each Region, and once for a Region without a client', () => {
    const inner = vi.fn<KmsClientSupplier>((region) => (region === FAR ? null : stubKms({})))
    const cached = cacheClients(inner)
    for (const region of [HOME, FAR, undefined]) expect(cached(region)).toBe(cached(region))
    expect(inner.mock.calls).toEqual([[HOME], [FAR], [undefined]])
  })

  it('takes a supplier', () => {
    expect(() => cacheClients(stubKms({}) as never)).toThrow(TypeError)
  })
})

describe('regionalClients', () => {
  it('keeps one client of each Region', async () => {
    const clients = regionalClients()
    const client = clients(ABROAD)
    expect(clients(ABROAD)).toBe(client)
    expect(clients(HOME)).not.toBe(client)
    expect(client).toMatchObject({ config: { region: expect.any(Function) } })
  })
})

describe('a strict keyring and its supplier', () => {
  it('asks for the Region of each ARN once, and for none where the key is named without one', async () => {
    const { kms } = await testKms()
    const inner = vi.fn(
      (region: string | undefined) => new KMS(kms.clientConfig(region === undefined ? {} : { region })),
    )
    const furtherKeyIds = [keys.second, keys.abroad, bareId(keys.third)]
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds, kms: inner })
    const { encryptedDataKeys } = await keyring.wrapDataKey(request)
    expect((await ask(keyring, encryptedDataKeys)).opened).not.toBeNull()
    expect(inner.mock.calls).toEqual([[HOME], [ABROAD], [undefined]])
  })

  it('may give clients of every kind', async () => {
    const { kms } = await testKms()
    for (const client of [new KMS(kms.clientConfig()), new KMSClient(kms.clientConfig()), kms]) {
      const keyring = awsKms({ keyId: keys.first, kms: () => client })
      const { own, dataKey } = await wrapOne(keyring)
      expect((await ask(keyring, [own])).opened?.dataKey).toEqual(dataKey)
    }
  })

  it('fails a wrap, and passes over, where there is no client for the Region of a key', async () => {
    const { kms, calls } = await testKms()
    const { encryptedDataKeys } = await awsKms({ keyId: keys.abroad, furtherKeyIds: [keys.first], kms }).wrapDataKey(
      request,
    )
    calls()
    const limited = limitRegions([HOME], () => kms)
    const keyring = awsKms({ keyId: keys.abroad, furtherKeyIds: [keys.first], kms: limited })
    await expect(keyring.wrapDataKey(request)).rejects.toThrow(/no client for eu-west-1/)
    const { opened, reasons } = await ask(keyring, encryptedDataKeys)
    expect(opened?.encryptedDataKey).toBe(encryptedDataKeys[1])
    expect(reasons).toContainEqual(expect.stringMatching(/no client for eu-west-1/))
    expect(calls()).toEqual([`Decrypt ${keys.first}`])
  })

  it('says to name the ARN where there is no client for a key without its Region', async () => {
    const keyring = awsKms({ keyId: keys.alias, kms: limitRegions([HOME], supplier()) })
    await expect(keyring.wrapDataKey(request)).rejects.toThrow(/named without its Region: name it by its ARN/)
  })
})
