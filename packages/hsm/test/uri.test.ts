import { formatPkcs11Uri, type Pkcs11Path, type Pkcs11Uri, parsePkcs11Uri } from '@bongtu/hsm'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PATH_ATTRIBUTES, QUERY_ATTRIBUTES } from '../src/pkcs11/uri-attributes.ts'

describe('parsePkcs11Uri', () => {
  it('reads every attribute of the path and the query', () => {
    const uri = parsePkcs11Uri(
      'pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;serial=00a1;' +
        'object=kek;type=secret-key;id=%69%95%3E%5C%F4%BD%EC%91;slot-id=327;slot-manufacturer=M;slot-description=D;' +
        'library-manufacturer=L;library-description=Soft%20token;library-version=2.6' +
        '?pin-source=file:/etc/token_pin&module-path=/usr/lib/p11.so&module-name=p11',
    )
    expect(uri.path).toEqual({
      token: 'The Software PKCS#11 Softtoken',
      manufacturer: 'Snake Oil, Inc.',
      model: '1.0',
      serial: '00a1',
      object: 'kek',
      type: 'secret-key',
      id: Uint8Array.of(0x69, 0x95, 0x3e, 0x5c, 0xf4, 0xbd, 0xec, 0x91),
      slotId: '327',
      slotManufacturer: 'M',
      slotDescription: 'D',
      libraryManufacturer: 'L',
      libraryDescription: 'Soft token',
      libraryVersion: '2.6',
    })
    expect(uri.query).toEqual({
      pinSource: 'file:/etc/token_pin',
      modulePath: '/usr/lib/p11.so',
      moduleName: 'p11',
    })
  })

  it('reads an empty path and an empty value, in any letter case of the scheme', () => {
    expect(parsePkcs11Uri('PKCS11:')).toEqual({ path: {}, query: {}, vendorPath: new Map(), vendorQuery: new Map() })
    expect(parsePkcs11Uri('pkcs11:token=').path).toEqual({ token: '' })
  })

  it('keeps attributes that the RFC does not name apart', () => {
    const uri = parsePkcs11Uri('pkcs11:vendor-x=a%3Bb;token=t?padding=oaep-sha1')
    expect(uri.vendorPath).toEqual(new Map([['vendor-x', 'a;b']]))
    expect(uri.vendorQuery).toEqual(new Map([['padding', 'oaep-sha1']]))
  })

  it('takes & in the path, and / ? | in the query, unencoded', () => {
    expect(parsePkcs11Uri('pkcs11:token=a&b').path.token).toBe('a&b')
    expect(parsePkcs11Uri('pkcs11:?pin-source=|/bin/x?').query.pinSource).toBe('|/bin/x?')
  })

  it.each([
    ['another scheme', 'pkcs12:token=a'],
    ['no scheme', 'token=a'],
    ['a slash in the path', 'pkcs11:token=a/b'],
    ['a blank', 'pkcs11:token=a b'],
    ['a character outside ASCII', 'pkcs11:token=ä'],
    ['a #', 'pkcs11:token=a#b'],
    ['a % without digits', 'pkcs11:token=%2'],
    ['a % with other letters', 'pkcs11:token=%zz'],
    ['a line end', 'pkcs11:token=a\n'],
    ['an attribute without =', 'pkcs11:token'],
    ['an empty attribute', 'pkcs11:token=a;'],
    ['an empty attribute in the query', 'pkcs11:token=a?&'],
    ['an attribute without a name', 'pkcs11:=a'],
    ['a name in upper case that is another', 'pkcs11:token=a;tok*en=b'],
    ['an attribute that stands twice', 'pkcs11:token=a;token=a'],
    ['an attribute of the query that stands twice', 'pkcs11:?module-path=/a&module-path=/a'],
    ['a vendor attribute that stands twice', 'pkcs11:x=a;x=b'],
    ['text that is not UTF-8', 'pkcs11:token=%FF'],
    ['an unknown type', 'pkcs11:type=secret'],
    ['a library version that is none', 'pkcs11:library-version=2.'],
    ['a slot id that is none', 'pkcs11:slot-id=-1'],
    ['a PIN and a source of one', 'pkcs11:?pin-source=file:a&pin-value=1'],
    ['more than 8192 characters', `pkcs11:token=${'a'.repeat(8192)}`],
  ])('refuses %s', (_, text) => {
    expect(() => parsePkcs11Uri(text)).toThrow(TypeError)
  })

  it('does not repeat values, which may be a PIN, in what it throws', () => {
    for (const text of [
      'pkcs11:?pin-value=12 34',
      'pkcs11:?pin-value=1234&pin-source=file:x',
      'pkcs11:?pin-value=%FF34',
    ]) {
      expect(() => parsePkcs11Uri(text)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('34') }),
      )
    }
  })

  it('refuses what is no string', () => {
    expect(() => parsePkcs11Uri(JSON.parse('1'))).toThrow(TypeError)
  })
})

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((each) => !/\p{Surrogate}/u.test(each))
const vendorName = fc
  .stringMatching(/^[A-Za-z0-9_-]{1,12}$/)
  .filter(
    (name) => ![...Object.values(PATH_ATTRIBUTES), ...Object.values(QUERY_ATTRIBUTES)].some((row) => row.name === name),
  )
const vendor = fc.array(fc.tuple(vendorName, text), { maxLength: 3 }).map((pairs) => new Map(pairs))

const byKind = {
  text,
  bytes: fc.uint8Array({ maxLength: 20 }),
  type: fc.constantFrom('public', 'private', 'cert', 'secret-key', 'data'),
  version: fc.stringMatching(/^[0-9]{1,3}(\.[0-9]{1,3})?$/),
  number: fc.stringMatching(/^[0-9]{1,20}$/),
} as const

const path = fc.record(
  Object.fromEntries(Object.entries(PATH_ATTRIBUTES).map(([member, { kind }]) => [member, byKind[kind]])),
  { requiredKeys: [] },
) as fc.Arbitrary<Pkcs11Path>
const query = fc.record({ pinSource: text, moduleName: text, modulePath: text }, { requiredKeys: [] })
const anyUri: fc.Arbitrary<Pkcs11Uri> = fc.record({ path, query, vendorPath: vendor, vendorQuery: vendor })

describe('formatPkcs11Uri', () => {
  it('writes what reads back as the same parts', () => {
    fc.assert(
      fc.property(anyUri, (uri) => {
        expect(parsePkcs11Uri(formatPkcs11Uri(uri))).toEqual(uri)
      }),
    )
  })

  it('is where reading and writing settle: any text is refused, or is written as one that means the same', () => {
    const attribute = fc.stringMatching(/^[a-z-]{1,8}=[ -~]{0,8}$/)
    const near = fc.array(attribute, { maxLength: 4 }).map((all) => `pkcs11:${all.join(';')}`)
    fc.assert(
      fc.property(fc.oneof(near, text), (each) => {
        let uri: Pkcs11Uri
        try {
          uri = parsePkcs11Uri(each)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
          return
        }
        expect(parsePkcs11Uri(formatPkcs11Uri(uri))).toEqual(uri)
      }),
    )
  })
})
