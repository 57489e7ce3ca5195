import { describe, expect, it } from 'vitest'
import { shapes } from '../../src/model/shapes.ts'
import { decode, freshKms, post } from '../support/wire.ts'

const one = (text: string) => `1 validation error detected: ${text}`
const long = (length: number) => 'a'.repeat(length)
const blob = (length: number) => Buffer.alloc(length, 7).toString('base64')

/** Operation, request, and the message of AWS. */
const refused: readonly (readonly [string, object, string])[] = [
  ['DescribeKey', {}, one("Value null at 'keyId' failed to satisfy constraint: Member must not be null")],
  ['DescribeKey', { KeyId: null }, one("Value null at 'keyId' failed to satisfy constraint: Member must not be null")],
  [
    'DescribeKey',
    { KeyId: '' },
    one("Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1"),
  ],
  [
    'DescribeKey',
    { KeyId: long(2049) },
    one(
      `Value '${long(512)}…' at 'keyId' failed to satisfy constraint: Member must have length less than or equal to 2048`,
    ),
  ],
  [
    'GenerateRandom',
    { NumberOfBytes: 1025 },
    one(
      "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
    ),
  ],
  [
    'GenerateRandom',
    { NumberOfBytes: 0 },
    one("Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1"),
  ],
  ['GenerateRandom', {}, 'NumberOfBytes is required.'],
  [
    'GenerateDataKey',
    { KeyId: 'x', KeySpec: 'AES_512' },
    one(
      "Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]",
    ),
  ],
  ['GenerateDataKey', { KeyId: 'alias/aws/s3' }, 'Please specify either number of bytes or key spec.'],
  [
    'GenerateDataKey',
    { KeyId: 'alias/aws/s3', KeySpec: 'AES_256', NumberOfBytes: 32 },
    'Please specify either number of bytes or key spec.',
  ],
  [
    'Encrypt',
    { KeyId: 'x', Plaintext: blob(4097) },
    one("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
  ],
  [
    'Encrypt',
    { KeyId: 'x', Plaintext: '' },
    one("Value at 'plaintext' failed to satisfy constraint: Member must have length greater than or equal to 1"),
  ],
  [
    'Decrypt',
    { CiphertextBlob: blob(6145) },
    one("Value at 'ciphertextBlob' failed to satisfy constraint: Member must have length less than or equal to 6144"),
  ],
  ['Decrypt', {}, one("Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null")],
  [
    'CreateAlias',
    { AliasName: 'alias/ä', TargetKeyId: 'x' },
    one(
      "Value 'alias/ä' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    ),
  ],
  [
    'CreateAlias',
    { AliasName: 'app', TargetKeyId: 'x' },
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  ],
  [
    'TagResource',
    { KeyId: 'x', Tags: [{ TagKey: long(129), TagValue: '' }] },
    one(
      `Value '${long(129)}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
    ),
  ],
  [
    'TagResource',
    { KeyId: 'x', Tags: [{ TagKey: 'a', TagValue: 'b' }, { TagKey: 'c' }] },
    one("Value null at 'tags.2.member.tagValue' failed to satisfy constraint: Member must not be null"),
  ],
  [
    'UntagResource',
    { KeyId: 'x', TagKeys: ['ok', ''] },
    one(
      "Value '[ok, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]",
    ),
  ],
  [
    'EnableKeyRotation',
    { KeyId: 'x', RotationPeriodInDays: 89 },
    one(
      "Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90",
    ),
  ],
  [
    'EnableKeyRotation',
    { KeyId: 'x', RotationPeriodInDays: 2561 },
    one(
      "Value '2561' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value less than or equal to 2560",
    ),
  ],
  [
    'ScheduleKeyDeletion',
    { KeyId: 'x', PendingWindowInDays: 366 },
    one(
      "Value '366' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value less than or equal to 365",
    ),
  ],
  ['ScheduleKeyDeletion', { KeyId: 'x', PendingWindowInDays: 6 }, 'PendingWindowInDays must be between 7 and 30'],
  ['ScheduleKeyDeletion', { KeyId: 'x', PendingWindowInDays: 31 }, 'PendingWindowInDays must be between 7 and 30'],
  [
    'Encrypt',
    { KeyId: 'x', Plaintext: blob(1), GrantTokens: Array(11).fill('t') },
    one(
      `Value '[${Array(11).fill('t').join(', ')}]' at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10`,
    ),
  ],
  [
    'ListAliases',
    { Limit: 101 },
    one("Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 100"),
  ],
  [
    'ListKeys',
    { Limit: 1001 },
    one("Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000"),
  ],
  [
    'CreateGrant',
    { KeyId: 'x', Operations: ['Fly'] },
    one(
      `Value '[Fly]' at 'operations' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [Decrypt, Encrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, ReEncryptFrom, ReEncryptTo, Sign, Verify, GetPublicKey, CreateGrant, RetireGrant, DescribeKey, GenerateDataKeyPair, GenerateDataKeyPairWithoutPlaintext, GenerateMac, VerifyMac, DeriveSharedSecret, Encapsulate, Decapsulate]]`,
    ),
  ],
]

describe('requests that break a constraint', () => {
  it.each(refused)('%s %j', async (operation, body, message) => {
    const response = await post(await freshKms(), operation, body)
    expect(response.status).toBe(400)
    expect(decode(response)).toEqual({ __type: 'ValidationException', message })
  })

  it('get all violations of a request at once, if they are few', async () => {
    const response = await post(await freshKms(), 'CreateAlias', { AliasName: '' })
    expect(decode(response).message).toBe(
      "3 validation errors detected: Value '' at 'aliasName' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value '' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$; " +
        "Value null at 'targetKeyId' failed to satisfy constraint: Member must not be null",
    )
  })
})

describe('a request that is made to cost much', () => {
  const many = 340_000
  const times = (item: unknown, count = many) => Array<unknown>(count).fill(item)
  const tooLong = (path: string, most: number) =>
    `1 validation error detected: Value at '${path}' failed to satisfy constraint: Member must have length less than or equal to ${most}`

  it.each([
    ['TagResource', { KeyId: 'x', Tags: times({}) }, tooLong('tags', 1000)],
    ['CreateKey', { Tags: times({}) }, tooLong('tags', 1000)],
    ['CreateKey', { Tags: times(7) }, tooLong('tags', 1000)],
    [
      'Encrypt',
      {
        KeyId: 'x',
        Plaintext: 'AA==',
        EncryptionContext: Object.fromEntries(times(0, 80_000).map((_, at) => [at, null])),
      },
      tooLong('encryptionContext', 8192),
    ],
  ])('%s is refused by how many items a list or map has, before one is looked at', async (operation, body, message) => {
    const { body: answer, ...response } = await post(await freshKms(), operation, body)
    expect(decode({ ...response, body: answer })).toEqual({ __type: 'ValidationException', message })
  })

  it.each([
    ['UntagResource', { KeyId: 'x', TagKeys: times('') }],
    ['CreateGrant', { KeyId: 'x', Operations: times('') }],
    ['Encrypt', { KeyId: 'x', Plaintext: 'AA==', GrantTokens: times('') }],
    ['Encrypt', { KeyId: 'x', Plaintext: 'AA==', GrantTokens: ['t'.repeat(1_000_000)] }],
    ['DescribeKey', { KeyId: 'a'.repeat(1_000_000) }],
    ['CreateKey', { Description: 'd'.repeat(1_000_000), Policy: 'p'.repeat(1000) }],
    ['TagResource', { KeyId: 'x', Tags: times({}, 1000) }],
    ['TagResource', { KeyId: 'x', Tags: times({ TagKey: 'k'.repeat(1000), TagValue: 'v'.repeat(1000) }, 500) }],
    ['Encrypt', { KeyId: 'x', EncryptionContext: Object.fromEntries(times(0, 8000).map((_, at) => [at, null])) }],
  ])('%s gets an answer that is short', async (operation, body) => {
    const response = await post(await freshKms(), operation, body)
    expect(decode(response).__type).toBe('ValidationException')
    expect(response.body.length).toBeLessThan(10_000)
  })

  it('gets its first ten violations', async () => {
    const response = await post(await freshKms(), 'TagResource', { KeyId: 'x', Tags: times({}, 6) })
    const { message } = decode(response) as { message: string }
    expect(message).toMatch(/^10 validation errors detected: /)
    expect(message.split('; ').at(-1)).toBe(
      "Value null at 'tags.5.member.tagValue' failed to satisfy constraint: Member must not be null",
    )
  })

  it('meets a longest length for every list and map in the table of shapes', () => {
    const open = Object.entries(shapes).filter(([, shape]) => /^(list|map)$/.test(shape.type) && !('max' in shape))
    expect(open).toEqual([])
  })
})

describe('requests that are not of the shape', () => {
  it.each([
    ['DescribeKey', { KeyId: 7 }, 'NUMBER_VALUE can not be converted to a String'],
    ['DescribeKey', { KeyId: {} }, 'Start of structure or map found where not expected.'],
    ['GenerateRandom', { NumberOfBytes: '16' }, 'STRING_VALUE can not be converted to an Integer'],
    ['GenerateRandom', { NumberOfBytes: 1.5 }, 'NUMBER_VALUE can not be converted to an Integer'],
    ['CreateKey', { MultiRegion: 'true' }, 'STRING_VALUE can not be converted to a Boolean'],
    ['CreateKey', { Tags: {} }, 'Start of structure or map found where not expected.'],
    ['CreateKey', { Tags: ['a'] }, 'STRING_VALUE can not be converted to a structure'],
    ['Encrypt', { KeyId: 'x', Plaintext: 'not base64!' }, 'A blob member is not valid base64.'],
    ['Encrypt', { KeyId: 'x', Plaintext: 'AAA' }, 'A blob member is not valid base64.'],
    [
      'Encrypt',
      { KeyId: 'x', Plaintext: 'AA==', EncryptionContext: { a: 1 } },
      'NUMBER_VALUE can not be converted to a String',
    ],
    [
      'Encrypt',
      { KeyId: 'x', Plaintext: 'AA==', EncryptionContext: ['a'] },
      'Start of structure or map found where not expected.',
    ],
    ['ImportKeyMaterial', { KeyId: 'x', ValidTo: 'tomorrow' }, 'STRING_VALUE can not be converted to a timestamp'],
    ['ListKeys', [], 'Start of structure or map found where not expected.'],
    ['ListKeys', '"text"', 'STRING_VALUE can not be converted to a structure'],
    ['ListKeys', '{', 'The request body is not valid JSON.'],
  ])('%s %j', async (operation, body, message) => {
    const response = await post(await freshKms(), operation, body)
    expect(response.status).toBe(400)
    expect(decode(response)).toEqual({ __type: 'SerializationException', message })
  })

  it('refuses a body that is not UTF-8', async () => {
    const kms = await freshKms()
    const headers = { 'x-amz-target': 'TrentService.ListKeys' }
    const response = await kms.entry({ method: 'POST', url: '/', headers, body: Uint8Array.of(0x7b, 0x22, 0xff, 0x22) })
    expect(decode(response).__type).toBe('SerializationException')
  })
})

describe('an encryption context that cannot be one', () => {
  it.each([
    ['text that is no Unicode', '{"a":"\\ud800"}'],
    ['more than 64 KiB', JSON.stringify({ a: 'x'.repeat(65_536) })],
  ])('is %s', async (_, context) => {
    const body = `{"KeyId":"alias/aws/s3","Plaintext":"AA==","EncryptionContext":${context}}`
    const response = await post(await freshKms(), 'Encrypt', body)
    expect([response.status, decode(response).__type]).toEqual([400, 'ValidationException'])
  })
})

describe('what a request may leave open', () => {
  it('takes an absent body for an empty one', async () => {
    expect((await post(await freshKms(), 'ListKeys', '')).status).toBe(200)
  })

  it('passes over members that the shape does not know', async () => {
    const body = { Limit: 5, Unheard: { of: 1 }, __proto__: { KeyId: 'x' } }
    expect((await post(await freshKms(), 'ListKeys', body)).status).toBe(200)
  })

  it('takes no member from what every object inherits', async () => {
    const kms = await freshKms()
    Object.assign(Object.prototype, { DryRun: true, NumberOfBytes: 8 })
    try {
      const missing = await post(kms, 'GenerateRandom', {})
      expect(decode(missing).message).toBe('NumberOfBytes is required.')
      expect((await post(kms, 'Encrypt', { KeyId: 'alias/aws/s3', Plaintext: 'AA==' })).status).toBe(200)
    } finally {
      for (const name of ['DryRun', 'NumberOfBytes']) Reflect.deleteProperty(Object.prototype, name)
    }
  })

  it('takes names of object members for what they are: names', async () => {
    const kms = await freshKms()
    const EncryptionContext = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}')
    const sealed = decode(
      await post(
        kms,
        'Encrypt',
        JSON.stringify({ KeyId: 'alias/aws/s3', Plaintext: 'AA==' }).replace(
          '}',
          `,"EncryptionContext":${JSON.stringify(EncryptionContext)}}`,
        ),
      ),
    )
    const other = await post(kms, 'Decrypt', { CiphertextBlob: sealed.CiphertextBlob })
    expect(decode(other)).toEqual({ __type: 'InvalidCiphertextException' })
    const body = `{"CiphertextBlob":"${sealed.CiphertextBlob}","EncryptionContext":{"toString":"c","constructor":"b","__proto__":"a"}}`
    expect(decode(await post(kms, 'Decrypt', body)).Plaintext).toBe('AA==')
  })
})
