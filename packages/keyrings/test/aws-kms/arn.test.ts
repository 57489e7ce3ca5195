import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inRegion, isMultiRegion, isRegion, keyArnOf, parseKmsArn, sameMultiRegionKey } from '../../src/aws-kms/arn.ts'
import { offsetView } from '../keys.ts'
import { ABROAD, bareId, HOME, keys } from './support/kms.ts'

const utf8 = (text: string): Uint8Array => offsetView(new TextEncoder().encode(text))

describe('an ARN of AWS KMS', () => {
  it('has six parts, and a resource that is divided at its first slash', () => {
    expect(parseKmsArn('arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b')).toEqual({
      arn: 'arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b',
      partition: 'aws-cn',
      region: 'cn-north-1',
      account: '111122223333',
      resourceType: 'alias',
      resource: 'a/b',
    })
  })

  it.each([
    ['nothing', ''],
    ['a key id', '1234abcd-12ab-34cd-56ef-1234567890ab'],
    ['another scheme', 'arm:aws:kms:us-east-1:1:key/a'],
    ['no partition', 'arn::kms:us-east-1:1:key/a'],
    ['another service', 'arn:aws:s3:us-east-1:1:key/a'],
    ['no Region', 'arn:aws:kms::1:key/a'],
    ['no account', 'arn:aws:kms:us-east-1::key/a'],
    ['no resource', 'arn:aws:kms:us-east-1:1:'],
    ['no slash', 'arn:aws:kms:us-east-1:1:key'],
    ['no resource id', 'arn:aws:kms:us-east-1:1:key/'],
    ['a colon in place of the slash', 'arn:aws:kms:us-east-1:1:key:a'],
    ['another resource type', 'arn:aws:kms:us-east-1:1:keys/a'],
    ['a resource type in capitals', 'arn:aws:kms:us-east-1:1:Key/a'],
    ['a seventh part', 'arn:aws:kms:us-east-1:1:key/a:b'],
    ['five parts', 'arn:aws:kms:us-east-1:key/a'],
    ['white space before it', ' arn:aws:kms:us-east-1:1:key/a'],
  ])('is not what has %s', (_what, text) => {
    expect(parseKmsArn(text)).toBeNull()
    expect(keyArnOf(utf8(text))).toBeNull()
  })

  it('is one of a key in an encrypted data key, and not of an alias', () => {
    expect(keyArnOf(utf8(keys.first))?.arn).toBe(keys.first)
    expect(keyArnOf(utf8('arn:aws:kms:us-east-1:1:alias/a'))).toBeNull()
  })

  it('is UTF-8, without a byte order mark', () => {
    expect(keyArnOf(Uint8Array.of(...utf8(keys.first), 0xff))).toBeNull()
    expect(keyArnOf(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8(keys.first)))).toBeNull()
  })
})

describe('a multi-Region key', () => {
  it.each([
    [keys.mrk.home, true],
    [bareId(keys.mrk.home), true],
    [keys.first, false],
    [bareId(keys.first), false],
    ['alias/mrk-1', false],
    ['arn:aws:kms:us-east-1:111122223333:alias/mrk-1', false],
    ['arn:aws:kms:us-east-1:111122223333:key/MRK-1', false],
  ])('is told by its id: %s', (keyId, expected) => {
    expect(isMultiRegion(keyId)).toBe(expected)
  })

  it('is the same as its replicas', () => {
    expect(sameMultiRegionKey(keys.mrk.home, keys.mrk.abroad)).toBe(true)
    expect(inRegion(parseKmsArn(keys.mrk.home) ?? expect.fail(), ABROAD)).toBe(keys.mrk.abroad)
  })

  it.each([
    ['another key', keys.otherMrk.abroad],
    ['another partition', keys.mrk.abroad.replace('arn:aws:', 'arn:aws-cn:')],
    ['another account', keys.mrk.abroad.replace('111122223333', '111122223334')],
    ['an alias of its name', keys.mrk.abroad.replace(':key/', ':alias/')],
    ['its bare id', bareId(keys.mrk.home)],
    ['a key that is not multi-Region', keys.first],
  ])('is not the same as %s', (_what, other) => {
    expect(sameMultiRegionKey(keys.mrk.home, other)).toBe(false)
    expect(sameMultiRegionKey(other, keys.mrk.home)).toBe(false)
  })

  it('is not where only the Region of an ordinary key differs', () => {
    expect(sameMultiRegionKey(keys.first, keys.first.replace(HOME, ABROAD))).toBe(false)
  })

  it('is the same as itself, whatever it is called', () => {
    fc.assert(fc.property(fc.string(), (name) => sameMultiRegionKey(name, name)))
  })
})

describe('a Region', () => {
  it.each(['us-east-1', 'eu-central-2', 'us-gov-west-1', 'us-iso-east-1', 'eusc-de-east-1', 'cn-north-1'])(
    'is %s',
    (name) => {
      expect(isRegion(name)).toBe(true)
    },
  )

  it.each([
    '',
    'us',
    'us-east-1.evil.example',
    'us-east-1/x',
    'us-east-1:443',
    'us-east-1@evil',
    'US-EAST-1',
    'us--1',
    '-a',
    'a-',
    'us-east-1\n',
  ])('is not %j, which would be another host', (name) => {
    expect(isRegion(name)).toBe(false)
  })
})
