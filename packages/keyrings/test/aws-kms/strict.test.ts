import { awsKms, awsKmsMrk, awsKmsMrkDiscovery } from '@bongtu/keyrings/aws-kms'
import { BongtuError } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { ask, CONTEXT, SUITE, SUITE_128, wrapOne } from '../asking.ts'
import { countingKey, offsetView } from '../keys.ts'
import { ABROAD, bareId, HOME, keys, testKms } from './support/kms.ts'
import { stubKms } from './support/stub-kms.ts'

const dataKey = (): Uint8Array => countingKey(32)
const ciphertext = Uint8Array.of(1, 2, 3)
const edk = (keyInfo: string, providerId = 'aws-kms') => ({
  providerId,
  keyInfo: offsetView(new TextEncoder().encode(keyInfo)),
  ciphertext,
})
const request = { suite: SUITE, encryptionContext: CONTEXT }

const keyringError = (message: RegExp) => (error: unknown) =>
  BongtuError.is(error, 'ERR_KEYRING') && message.test(error.message)

describe.each([awsKms, awsKmsMrk])('%o, its options', (make) => {
  it('are known by name', () => {
    expect(() => make({ keyId: keys.first, discoveryFilter: {} } as never)).toThrow(/has no option discoveryFilter/)
    expect(() => make(undefined as never)).toThrow(TypeError)
  })

  it.each([
    ['no text', 7],
    ['absent', undefined],
    ['bytes', Uint8Array.of(1)],
  ])('refuse a key id that is %s', (_what, keyId) => {
    expect(() => make({ keyId: keyId as never })).toThrow(TypeError)
    expect(() => make({ keyId: keys.first, furtherKeyIds: [keyId as never] })).toThrow(TypeError)
  })

  it.each([
    ['empty', ''],
    ['longer than 2048 characters', `alias/${'a'.repeat(2048)}`],
    ['an ARN of something else', 'arn:aws:s3:::bucket'],
    ['an ARN with a word where the type stands', 'arn:aws:kms:us-east-1:111122223333:keys/a'],
    ['an ARN of a Region that would be another host', 'arn:aws:kms:evil.example/:111122223333:key/a'],
    ['a resource without its ARN', 'key/1234abcd'],
    ['an alias without a name', 'alias/'],
    ['an alias in capitals', 'ALIAS/a'],
    ['padded with a space', ` ${keys.first}`],
  ])('refuse a key id that is %s', (_what, keyId) => {
    expect(() => make({ keyId })).toThrow(RangeError)
    expect(() => make({ keyId: keys.first, furtherKeyIds: [keyId] })).toThrow(RangeError)
  })

  it('refuse further keys that are no array: a text would count as its characters', () => {
    expect(() => make({ keyId: keys.first, furtherKeyIds: keys.second as never })).toThrow(/furtherKeyIds is an array/)
  })

  it('refuse a KMS that is none', () => {
    for (const kms of [null, {}, 7, 'kms', { decrypt: () => {} }, { send: 1 }]) {
      expect(() => make({ keyId: keys.first, kms: kms as never })).toThrow(/kms is a KMS or KMSClient/)
    }
  })

  it('refuse a supplier that answers something else, when it is asked', async () => {
    const keyring = make({ keyId: keys.first, kms: () => undefined as never })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(keyringError(/kms is a KMS or KMSClient/))
  })

  it('refuse resolveKeyIds that is no boolean', () => {
    expect(() => make({ keyId: keys.first, resolveKeyIds: 'yes' as never })).toThrow(TypeError)
  })
})

describe('grant tokens', () => {
  const answers = {
    generateDataKey: () => ({ KeyId: keys.first, Plaintext: dataKey(), CiphertextBlob: ciphertext }),
    encrypt: () => ({ KeyId: keys.first, CiphertextBlob: ciphertext }),
    decrypt: () => ({ KeyId: keys.first, Plaintext: dataKey() }),
  }

  it('go with every call, as many as ten, and as they were at construction', async () => {
    const kms = stubKms(answers)
    const grantTokens = Array.from({ length: 10 }, (_, at) => `token ${at}`)
    const keyring = awsKms({ keyId: keys.first, kms, grantTokens })
    const before = [...grantTokens]
    grantTokens.length = 0
    await keyring.wrapDataKey(request)
    await keyring.wrapDataKey({ ...request, dataKey: dataKey() })
    await ask(keyring, [edk(keys.first)])
    expect(kms.asked.map(({ call }) => call)).toEqual(['generateDataKey', 'encrypt', 'decrypt'])
    for (const each of kms.asked) expect(each.request.GrantTokens).toEqual(before)
  })

  it('are left out where there are none', async () => {
    const kms = stubKms(answers)
    await awsKms({ keyId: keys.first, kms, grantTokens: [] }).wrapDataKey(request)
    await awsKms({ keyId: keys.first, kms }).wrapDataKey(request)
    for (const each of kms.asked) expect(each.request).not.toHaveProperty('GrantTokens')
  })

  it('are ten at most, of 1 to 8192 characters each', () => {
    const withTokens = (grantTokens: readonly string[]) => () => awsKms({ keyId: keys.first, grantTokens })
    expect(withTokens(Array.from({ length: 11 }, () => 'a'))).toThrow(RangeError)
    expect(withTokens([''])).toThrow(RangeError)
    expect(withTokens(['a'.repeat(8193)])).toThrow(RangeError)
    expect(withTokens([7 as never])).toThrow(TypeError)
    expect(withTokens('token' as never)).toThrow(TypeError)
    expect(withTokens(['a'.repeat(8192)])).not.toThrow()
  })
})

describe('what KMS is asked for', () => {
  it('is the suite length under the whole context, by the name that was configured', async () => {
    for (const keyId of [
      keys.first,
      bareId(keys.first),
      keys.alias,
      `arn:aws:kms:${HOME}:111122223333:${keys.alias}`,
    ]) {
      const { kms, calls } = await testKms()
      const { own } = await wrapOne(awsKms({ keyId, kms }), undefined, SUITE_128)
      expect(calls()).toEqual([`GenerateDataKey ${keyId}`])
      expect(new TextDecoder().decode(own.keyInfo)).toBe(keys.first)
      expect(own.providerId).toBe('aws-kms')
    }
  })

  it('is Encrypt of a data key that another keyring made', async () => {
    const kms = stubKms({ encrypt: () => ({ KeyId: keys.first, CiphertextBlob: ciphertext }) })
    const given = dataKey()
    const { dataKey: same } = await wrapOne(awsKms({ keyId: keys.first, kms }), given)
    expect(same).toBe(given)
    expect(kms.asked[0]?.request).toEqual({ KeyId: keys.first, Plaintext: given, EncryptionContext: { ...CONTEXT } })
  })

  it('is nothing, where the given data key does not have the length of the suite', async () => {
    const kms = stubKms({})
    const wrapping = awsKms({ keyId: keys.first, kms }).wrapDataKey({ ...request, dataKey: countingKey(16) })
    await expect(wrapping).rejects.toThrow(RangeError)
    expect(kms.asked).toEqual([])
  })

  it('is the key of each Region in that Region', async () => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds: [keys.abroad, keys.mrk.far], kms })
    const { encryptedDataKeys } = await keyring.wrapDataKey(request)
    expect(encryptedDataKeys).toHaveLength(3)
    expect(calls()).toEqual([
      `GenerateDataKey ${keys.first}`,
      `Encrypt ${keys.abroad} in eu-west-1`,
      `Encrypt ${keys.mrk.far} in ap-southeast-2`,
    ])
  })
})

describe('an answer to a wrap', () => {
  const answering = (answer: object) => awsKms({ keyId: keys.first, kms: stubKms({ generateDataKey: () => answer }) })
  const whole = () => ({ KeyId: keys.first, Plaintext: dataKey(), CiphertextBlob: ciphertext })

  it.each([
    ['a data key of 31 bytes', { Plaintext: countingKey(31) }, /31 bytes where 32/],
    ['a data key of 33 bytes', { Plaintext: countingKey(33) }, /33 bytes where 32/],
    ['no data key', { Plaintext: undefined }, /0 bytes where 32/],
    ['a data key as text', { Plaintext: '0'.repeat(32) }, /0 bytes where 32/],
    ['another key', { KeyId: keys.second }, /answered for another key/],
    ['a key id for an ARN', { KeyId: bareId(keys.first) }, /did not answer the ARN of the key/],
    ['an alias', { KeyId: `arn:aws:kms:${HOME}:111122223333:alias/a` }, /did not answer the ARN of the key/],
    ['no key', { KeyId: undefined }, /did not answer the ARN of the key/],
    ['no ciphertext', { CiphertextBlob: undefined }, /answered no ciphertext/],
    ['an empty ciphertext', { CiphertextBlob: new Uint8Array(0) }, /answered no ciphertext/],
    ['a ciphertext as text', { CiphertextBlob: 'AQ==' }, /answered no ciphertext/],
    ['a ciphertext that no header holds', { CiphertextBlob: new Uint8Array(65_536) }, /longer than the header holds/],
  ])('with %s is refused', async (_what, part, message) => {
    const answer = { ...whole(), ...part }
    await expect(answering(answer).wrapDataKey(request)).rejects.toSatisfy(keyringError(message))
    if (answer.Plaintext instanceof Uint8Array) expect(answer.Plaintext.every((byte) => byte === 0)).toBe(true)
  })

  it('that is refused leaves the data key alone that another keyring made', async () => {
    const kms = stubKms({ encrypt: () => ({ KeyId: keys.second, CiphertextBlob: ciphertext }) })
    const given = dataKey()
    const wrapping = awsKms({ keyId: keys.first, kms }).wrapDataKey({ ...request, dataKey: given })
    await expect(wrapping).rejects.toSatisfy(keyringError(/answered for another key/))
    expect(given).toEqual(dataKey())
  })

  it('is zeroed once the data key is copied out of it', async () => {
    const answer = whole()
    const { dataKey: own } = await wrapOne(answering(answer))
    expect(own).toEqual(new Uint8Array(countingKey(32)))
    expect(answer.Plaintext.every((byte) => byte === 0)).toBe(true)
  })

  it.each([
    ['a bare key id', bareId(keys.second)],
    ['an alias ARN of another account', 'arn:aws:kms:us-east-1:444455556666:alias/a'],
    ['an alias ARN of another Region', 'arn:aws:kms:eu-west-1:111122223333:alias/a'],
    ['an alias ARN of another partition', 'arn:aws-cn:kms:us-east-1:111122223333:alias/a'],
  ])('is compared with what was configured by %s', async (_what, keyId) => {
    const keyring = awsKms({ keyId, kms: stubKms({ generateDataKey: whole }) })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(keyringError(/answered for another key/))
  })
})

describe('what goes over the wire', () => {
  it('is zeroed once it was read, the data key of an Encrypt and that of an answer among it', async () => {
    const { kms } = await testKms()
    const bodies: Uint8Array[] = []
    const watched = {
      clientConfig: kms.clientConfig,
      entry: async (asked: Parameters<typeof kms.entry>[0]) => {
        const answer = await kms.entry(asked)
        expect(answer.body.length).toBeGreaterThan(0)
        bodies.push(asked.body, answer.body)
        return answer
      },
    }
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds: [keys.second], kms: watched })
    const { encryptedDataKeys } = await keyring.wrapDataKey(request)
    expect((await ask(keyring, encryptedDataKeys)).opened).not.toBeNull()
    expect(bodies).toHaveLength(6)
    for (const body of bodies) expect(body.every((byte) => byte === 0)).toBe(true)
  })
})

describe('a refusal by KMS', () => {
  it('fails the wrap with its name and request id, and keeps it as the cause', async () => {
    const { kms } = await testKms()
    const keyId = keys.first.replace(/.{4}$/, '9999')
    const error = await awsKms({ keyId, kms })
      .wrapDataKey(request)
      .catch((e: unknown) => e)
    expect(error).toSatisfy(
      keyringError(/^aws-kms:arn:.* did not wrap the data key: NotFoundException: .* \(request [0-9a-f-]+\)$/),
    )
    expect(error).toMatchObject({ cause: { name: 'NotFoundException', $metadata: { httpStatusCode: 400 } } })
  })

  it('of one of several keys fails the whole wrap', async () => {
    const { kms } = await testKms()
    const gone = keys.first.replace(/.{4}$/, '9999')
    const keyring = awsKms({ keyId: keys.first, furtherKeyIds: [gone], kms })
    await expect(keyring.wrapDataKey(request)).rejects.toSatisfy(keyringError(/NotFoundException/))
  })
})

describe('decryption', () => {
  it('asks for the configured key by its ARN, and for no other that the message names', async () => {
    const { kms, calls } = await testKms()
    const all = awsKms({ keyId: keys.first, furtherKeyIds: [keys.second, keys.abroad], kms })
    const { encryptedDataKeys, dataKey: made } = await all.wrapDataKey(request)
    calls()
    const { opened, reasons } = await ask(awsKms({ keyId: keys.abroad, kms }), encryptedDataKeys)
    expect(opened?.dataKey).toEqual(made)
    expect(opened?.encryptedDataKey).toBe(encryptedDataKeys[2])
    expect(reasons).toEqual(['other key', 'other key'])
    expect(calls()).toEqual([`Decrypt ${keys.abroad} in eu-west-1`])
  })

  it('fails as a whole, without a call, where an encrypted data key names no key ARN', async () => {
    const kms = stubKms({})
    for (const broken of ['', 'alias/first', bareId(keys.first), 'arn:aws:kms:us-east-1:1:alias/a', '\u{ff}']) {
      for (const keyring of [
        awsKms({ keyId: keys.first, kms }),
        awsKmsMrk({ keyId: keys.first, kms }),
        awsKmsMrkDiscovery({ filter: 'any-account', regions: [HOME], kms }),
      ]) {
        const asking = ask(keyring, [edk(keys.first), edk(broken)])
        await expect(asking).rejects.toMatchObject({ code: 'ERR_MALFORMED' })
      }
    }
    expect(kms.asked).toEqual([])
  })

  it('does not mind what other providers write there, whatever their id begins with', async () => {
    const { kms } = await testKms()
    const keyring = awsKms({ keyId: keys.first, kms })
    const { own, dataKey: made } = await wrapOne(keyring)
    const { opened, reasons } = await ask(keyring, [
      edk('no ARN', 'aws-kms-rsa'),
      edk('no ARN', 'AWS-KMS'),
      { ...own, providerId: 'aws-kms-hierarchy' },
      own,
    ])
    expect(opened?.dataKey).toEqual(made)
    expect(reasons).toEqual(['other provider id', 'other provider id', 'other provider id'])
  })

  it.each([
    ['another key', { KeyId: keys.second }, /answered for another key/],
    ['a replica of the key', { KeyId: keys.first.replace(HOME, ABROAD) }, /answered for another key/],
    ['no key', { KeyId: undefined }, /answered for another key/],
    ['31 bytes', { Plaintext: countingKey(31) }, /data key of 31 bytes, and the suite takes 32/],
    ['33 bytes', { Plaintext: countingKey(33) }, /data key of 33 bytes, and the suite takes 32/],
    ['no plaintext', { Plaintext: undefined }, /data key of 0 bytes/],
    ['text', { Plaintext: '0'.repeat(32) }, /data key of 0 bytes/],
  ])('passes over an answer with %s, and goes on', async (_what, part, reason) => {
    const answers = [
      { KeyId: keys.first, Plaintext: dataKey(), ...part },
      { KeyId: keys.first, Plaintext: dataKey() },
    ]
    const [wrong] = answers
    const kms = stubKms({ decrypt: () => answers.shift() })
    const { opened, reasons } = await ask(awsKms({ keyId: keys.first, kms }), [edk(keys.first), edk(keys.first)])
    expect(opened?.dataKey).toEqual(new Uint8Array(dataKey()))
    expect(reasons).toEqual([expect.stringMatching(reason)])
    if (wrong?.Plaintext instanceof Uint8Array) expect(wrong.Plaintext.every((byte) => byte === 0)).toBe(true)
  })

  it('says what KMS said, without what a terminal obeys, with the error itself as the cause', async () => {
    const denied = Object.assign(new Error('not\nallowed'), {
      name: 'AccessDenied\u{1b}[31mException',
      $metadata: { requestId: 'r-1' },
    })
    const kms = stubKms({ decrypt: () => Promise.reject(denied) })
    const { opened, reports } = await ask(awsKms({ keyId: keys.first, kms }), [edk(keys.first)])
    expect(opened).toBeNull()
    expect(reports).toMatchObject([
      { reason: 'failed: AccessDenied [31mException: not allowed (request r-1)', cause: denied },
    ])
  })

  it('tells that a replica of a multi-Region key is opened by awsKmsMrk', async () => {
    const { reasons } = await ask(awsKms({ keyId: keys.mrk.abroad, kms: stubKms({}) }), [edk(keys.mrk.home)])
    expect(reasons).toEqual(['a replica of this key in another Region: awsKmsMrk opens it'])
  })
})

describe('a key that is configured without its ARN', () => {
  const named = [keys.alias, bareId(keys.first), `arn:aws:kms:${HOME}:111122223333:${keys.alias}`]

  it.each(named)('does not decrypt, and says what to do: %s', async (keyId) => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId, kms })
    const { own } = await wrapOne(keyring)
    calls()
    const { opened, reasons } = await ask(keyring, [own])
    expect(opened).toBeNull()
    expect(reasons).toEqual([
      `${keyId} is no key ARN, and messages name key ARNs: configure the ARN, or set resolveKeyIds`,
    ])
    expect(calls()).toEqual([])
  })

  it.each(named)('is looked up once with resolveKeyIds: %s', async (keyId) => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId, kms, resolveKeyIds: true })
    const { own, dataKey: made } = await wrapOne(keyring)
    calls()
    for (const _time of [1, 2]) expect((await ask(keyring, [own])).opened?.dataKey).toEqual(made)
    expect(calls()).toEqual([`DescribeKey ${keyId}`, `Decrypt ${keys.first}`, `Decrypt ${keys.first}`])
  })

  it('is not looked up for messages without any key of AWS KMS', async () => {
    const { kms, calls } = await testKms()
    const keyring = awsKms({ keyId: keys.alias, kms, resolveKeyIds: true })
    await ask(keyring, [edk('x', 'raw')])
    expect(calls()).toEqual([])
  })

  it('is looked up again when the alias has moved', async () => {
    const arns = [keys.first, keys.second]
    const kms = stubKms({
      describeKey: () => ({ KeyMetadata: { Arn: arns.shift() } }),
      decrypt: ({ KeyId }: { KeyId: string }) => ({ KeyId, Plaintext: dataKey() }),
    })
    const keyring = awsKms({ keyId: 'alias/moving', kms, resolveKeyIds: true })
    expect((await ask(keyring, [edk(keys.first)])).opened).not.toBeNull()
    expect((await ask(keyring, [edk(keys.second)])).opened).not.toBeNull()
    expect(kms.asked.map(({ call }) => call)).toEqual(['describeKey', 'decrypt', 'describeKey', 'decrypt'])
  })

  it('is looked up once for a message, though that fails for all its keys', async () => {
    const kms = stubKms({ describeKey: () => Promise.reject(new Error('down')) })
    const keyring = awsKms({ keyId: keys.alias, kms, resolveKeyIds: true })
    const { reasons } = await ask(keyring, [edk(keys.first), edk(keys.second)])
    expect(reasons).toEqual(['failed: down', 'failed: down'])
    expect(kms.asked).toHaveLength(1)
    await ask(keyring, [edk(keys.first)])
    expect(kms.asked).toHaveLength(2)
  })

  it.each([
    ['no ARN', undefined],
    ['an alias', 'arn:aws:kms:us-east-1:111122223333:alias/a'],
    ['a key of another Region than the alias', keys.abroad],
  ])('does not decrypt where DescribeKey answers %s', async (_what, Arn) => {
    const kms = stubKms({ describeKey: () => ({ KeyMetadata: { Arn } }) })
    const keyId = `arn:aws:kms:${HOME}:111122223333:${keys.alias}`
    const { reasons } = await ask(awsKms({ keyId, kms, resolveKeyIds: true }), [edk(keys.abroad)])
    expect(reasons).toEqual([expect.stringMatching(/did not answer the ARN of that key/)])
  })

  it('needs a client that has describeKey', async () => {
    const { reasons } = await ask(awsKms({ keyId: keys.alias, kms: stubKms({}), resolveKeyIds: true }), [
      edk(keys.first),
    ])
    expect(reasons).toEqual([expect.stringMatching(/needs a client with describeKey/)])
  })

  it('sends its grant tokens with DescribeKey', async () => {
    const kms = stubKms({ describeKey: () => ({}) })
    await ask(awsKms({ keyId: keys.alias, kms, resolveKeyIds: true, grantTokens: ['t'] }), [edk(keys.first)])
    expect(kms.asked[0]?.request).toEqual({ KeyId: keys.alias, GrantTokens: ['t'] })
  })

  it('is a multi-Region key for awsKmsMrk once it is looked up', async () => {
    const { kms } = await testKms()
    const { own, dataKey: made } = await wrapOne(awsKms({ keyId: keys.mrk.abroad, kms }))
    const keyring = awsKmsMrk({ keyId: bareId(keys.mrk.home), kms, resolveKeyIds: true })
    expect((await ask(keyring, [own])).opened?.dataKey).toEqual(made)
    expect((await ask(awsKmsMrk({ keyId: bareId(keys.mrk.home), kms }), [own])).opened).toBeNull()
  })
})

describe('awsKmsMrk', () => {
  it('opens in its own Region what a replica wrapped in another, and awsKms does not', async () => {
    const { kms, calls } = await testKms()
    const { own, dataKey: made } = await wrapOne(awsKms({ keyId: keys.mrk.home, kms }))
    calls()
    expect((await ask(awsKmsMrk({ keyId: keys.mrk.abroad, kms }), [own])).opened?.dataKey).toEqual(made)
    expect((await ask(awsKms({ keyId: keys.mrk.abroad, kms }), [own])).opened).toBeNull()
    expect(calls()).toEqual([`Decrypt ${keys.mrk.abroad} in eu-west-1`])
  })

  it('names all replicas of one key in one list, and no other key', () => {
    const furtherKeyIds = [keys.first, keys.otherMrk.home, bareId(keys.mrk.home), keys.mrk.abroad, keys.otherMrk.abroad]
    const make = () => awsKmsMrk({ keyId: keys.mrk.home, furtherKeyIds })
    expect(make).toThrow(RangeError)
    for (const each of [keys.mrk.home, keys.mrk.abroad, keys.otherMrk.home, keys.otherMrk.abroad]) {
      expect(make).toThrow(new RegExp(each))
    }
    expect(make).not.toThrow(new RegExp(keys.first))
  })

  it('takes the same resource id of two accounts for one key, as the specification does', () => {
    const other = keys.mrk.home.replace('111122223333', '444455556666')
    expect(() => awsKmsMrk({ keyId: keys.mrk.home, furtherKeyIds: [other] })).toThrow(RangeError)
  })

  it('takes an ordinary key twice, and aliases that only look like multi-Region keys', () => {
    expect(() => awsKmsMrk({ keyId: keys.first, furtherKeyIds: [keys.first] })).not.toThrow()
    expect(() => awsKmsMrk({ keyId: 'alias/mrk-1', furtherKeyIds: ['alias/mrk-1'] })).not.toThrow()
  })

  it('leaves replicas in one list to awsKms, where each is a key of its own', () => {
    expect(() => awsKms({ keyId: keys.mrk.home, furtherKeyIds: [keys.mrk.abroad] })).not.toThrow()
  })
})
