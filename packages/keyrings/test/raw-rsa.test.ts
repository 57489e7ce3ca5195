import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'
import type { RsaPadding } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { type RawRsaOptions, rawRsa } from '@bongtu/keyrings/raw-rsa'
import { BongtuError } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import { ask, CONTEXT, SUITE, SUITE_128, wrapOne } from './asking.ts'
import { countingKey, derOf, offsetView, rsaPair } from './keys.ts'

const pair = rsaPair()
const other = rsaPair()
const long = rsaPair(3072)
const options: RawRsaOptions = { namespace: 'vaults', name: 'vault-1', padding: 'oaep-sha256', ...pair }

const OAEP_HASHES = { 'oaep-sha1': 'sha1', 'oaep-sha256': 'sha256', 'oaep-sha384': 'sha384', 'oaep-sha512': 'sha512' }
const oaep = Object.entries(OAEP_HASHES) as [RsaPadding, string][]
const isOurs = (code: string) => (error: unknown) => BongtuError.is(error, code as never)

describe('rawRsa, its encrypted data keys', () => {
  it.each(oaep)(
    'with %s are provider id, name, and what OpenSSL opens with that hash for both',
    async (padding, hash) => {
      const { own, dataKey } = await wrapOne(rawRsa({ ...options, padding }))
      expect(own.providerId).toBe('vaults')
      expect(new TextDecoder().decode(own.keyInfo)).toBe('vault-1')
      const scheme = { key: pair.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }
      expect([...privateDecrypt(scheme, own.ciphertext)]).toEqual([...dataKey])
    },
  )

  it.each(oaep)('with %s open where OpenSSL made them', async (padding, hash) => {
    const scheme = { key: pair.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }
    const ciphertext = offsetView(publicEncrypt(scheme, countingKey(32)))
    const made = { providerId: 'vaults', keyInfo: offsetView(new TextEncoder().encode('vault-1')), ciphertext }
    const { opened } = await ask(rawRsa({ ...options, padding }), [made])
    expect(opened?.dataKey).toEqual(Uint8Array.from(countingKey(32)))
  })

  it('open under any encryption context: only the header tag binds it', async () => {
    const { own, dataKey } = await wrapOne(rawRsa(options))
    expect((await ask(rawRsa(options), [own], SUITE, {})).opened?.dataKey).toEqual(dataKey)
  })
})

describe('rawRsa with a weak key', () => {
  const weak = [
    { what: '1,024 bits', keys: rsaPair(1024), fault: 'at least 2048 bits, got 1024' },
    { what: '2,047 bits, in as many bytes as 2,048', keys: rsaPair(2047), fault: 'at least 2048 bits, got 2047' },
    { what: 'the exponent 3', keys: rsaPair(2048, 3), fault: 'at least 65537, got 3' },
  ]
  const engines = [nodeEngine, webEngine]
  const all = weak.flatMap((each) => engines.map((engine) => ({ ...each, engine, on: engine.name })))

  it.each(all)('of $what wraps nothing on $on unless an option allows it', async ({ keys, fault, engine }) => {
    const refused = wrapOne(rawRsa({ ...options, ...keys, engine }))
    await expect(refused).rejects.toMatchObject({ code: 'ERR_KEYRING', message: expect.stringContaining(fault) })
    await expect(wrapOne(rawRsa({ ...options, ...keys, engine }))).rejects.toThrow(/allowWeakKeys/)
    await expect(wrapOne(rawRsa({ ...options, ...keys, engine, allowWeakKeys: false }))).rejects.toThrow(fault)
    const { own } = await wrapOne(rawRsa({ ...options, ...keys, engine, allowWeakKeys: true }))
    expect(own.providerId).toBe('vaults')
  })

  it.each(all)('of $what still unwraps on $on what was written', async ({ keys, engine }) => {
    const { own, dataKey } = await wrapOne(rawRsa({ ...options, ...keys, engine, allowWeakKeys: true }))
    const { opened } = await ask(rawRsa({ ...options, ...keys, engine }), [own])
    expect(opened?.dataKey).toEqual(dataKey)
  })

  it('takes true or false for allowWeakKeys, and nothing else', () => {
    expect(() => rawRsa({ ...options, allowWeakKeys: 'yes' as never })).toThrow(
      'rawRsa: allowWeakKeys must be one of true, false, got another string',
    )
  })
})

describe('rawRsa, its padding', () => {
  it('has no default', () => {
    const { padding: _, ...without } = options
    expect(() => rawRsa(without as RawRsaOptions)).toThrow(/padding must be one of oaep-sha1, oaep-sha256/)
  })

  it.each(['oaep', 'sha256', 'none', '', 7])('refuses %j', (padding) => {
    expect(() => rawRsa({ ...options, padding: padding as never })).toThrow(TypeError)
  })

  it('decides what opens', async () => {
    const { own } = await wrapOne(rawRsa(options))
    for (const [padding] of oaep) {
      const { opened, reasons } = await ask(rawRsa({ ...options, padding }), [own])
      if (padding === 'oaep-sha256') expect(opened).not.toBeNull()
      else expect([opened, reasons]).toEqual([null, [`did not decrypt under this key with ${padding}`]])
    }
  })

  it('is refused at construction with ERR_UNSUPPORTED where the engine lacks it', () => {
    const failures = [
      () => rawRsa({ ...options, engine: nobleEngine }),
      () => rawRsa({ ...options, engine: { ...nodeEngine, rsaEncryptPaddings: ['oaep-sha1'] } }),
      () => rawRsa({ ...options, engine: { ...nodeEngine, rsaDecryptPaddings: ['oaep-sha1'] } }),
      () => rawRsa({ ...options, padding: 'pkcs1', engine: webEngine }),
    ]
    for (const failure of failures) expect(failure).toThrow(expect.toSatisfy(isOurs('ERR_UNSUPPORTED')))
  })
})

describe('rawRsa, its keys', () => {
  it('need at least one', () => {
    const { publicKey: _, privateKey: __, ...without } = options
    expect(() => rawRsa(without)).toThrow(/publicKey to encrypt, privateKey to decrypt/)
  })

  it('encrypt only, where there is a public one alone', async () => {
    const writer = rawRsa({ ...options, privateKey: undefined as never })
    const { own, dataKey } = await wrapOne(writer)
    const { opened, reasons } = await ask(writer, [own, { ...own, providerId: 'x' }])
    expect([opened, reasons]).toEqual([null, ['the keyring was made without privateKey', 'other provider id']])
    expect((await ask(rawRsa(options), [own])).opened?.dataKey).toEqual(dataKey)
  })

  it('decrypt only, where there is a private one alone: the public one is not derived', async () => {
    const reader = rawRsa({ ...options, publicKey: undefined as never })
    await expect(wrapOne(reader)).rejects.toSatisfy(isOurs('ERR_KEYRING'))
    await expect(wrapOne(reader)).rejects.toThrow(/raw-rsa:vaults\/vault-1 was made without publicKey/)
    expect((await ask(reader, [(await wrapOne(rawRsa(options))).own])).opened).not.toBeNull()
  })

  it('are refused where they are not a pair', () => {
    expect(() => rawRsa({ ...options, privateKey: other.privateKey })).toThrow(/not a pair/)
    expect(() => rawRsa({ ...options, publicKey: long.publicKey })).toThrow(/not a pair/)
    expect(() => rawRsa({ ...options, privateKey: other.privateKey })).toThrow(TypeError)
  })

  it('are refused where they are of the other half, of another kind, or no key, without showing them', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const wrong = [
      { publicKey: pair.privateKey },
      { privateKey: pair.publicKey },
      { publicKey: ec.publicKey },
      { privateKey: ec.privateKey },
      { publicKey: 'secret text' },
      { privateKey: new Uint8Array(40).fill(7) },
      { privateKey: pair.privateKey.slice(0, -200) },
    ]
    for (const keys of wrong) {
      const { publicKey: _, privateKey: __, ...bare } = options
      expect(() => rawRsa({ ...bare, ...keys })).toThrow(TypeError)
      expect(() => rawRsa({ ...bare, ...keys })).not.toThrow(/secret text|MII/)
    }
  })

  const publicObject = createPublicKey(pair.publicKey)
  const privateObject = createPrivateKey(pair.privateKey)
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' }
  const forms: Record<string, () => Promise<Pick<RawRsaOptions, 'publicKey' | 'privateKey'>>> = {
    PEM: async () => pair,
    'DER in larger buffers': async () => ({
      publicKey: offsetView(derOf(pair.publicKey)),
      privateKey: offsetView(derOf(pair.privateKey)),
    }),
    JWK: async () => ({
      publicKey: publicObject.export({ format: 'jwk' }),
      privateKey: privateObject.export({ format: 'jwk' }),
    }),
    KeyObject: async () => ({ publicKey: publicObject, privateKey: privateObject }),
    CryptoKey: async () => ({
      publicKey: await crypto.subtle.importKey('spki', Buffer.from(derOf(pair.publicKey)), algorithm, true, [
        'encrypt',
      ]),
      privateKey: await crypto.subtle.importKey('pkcs8', Buffer.from(derOf(pair.privateKey)), algorithm, true, [
        'decrypt',
      ]),
    }),
  }
  it.each(Object.entries(forms))('are read as %s', async (_, make) => {
    const keyring = rawRsa({ ...options, ...(await make()) })
    const { own, dataKey } = await wrapOne(rawRsa(options))
    expect((await ask(keyring, [own])).opened?.dataKey).toEqual(dataKey)
    expect((await ask(rawRsa(options), [(await wrapOne(keyring)).own])).opened).not.toBeNull()
  })
})

describe('rawRsa on an engine that answers later', () => {
  const web: RawRsaOptions = { ...options, engine: webEngine }

  it('exchanges data keys with the node engine', async () => {
    const { own, dataKey } = await wrapOne(rawRsa(web))
    expect((await ask(rawRsa(options), [own])).opened?.dataKey).toEqual(dataKey)
    const back = await wrapOne(rawRsa(options))
    expect((await ask(rawRsa(web), [back.own])).opened?.dataKey).toEqual(back.dataKey)
  })

  it('refuses keys that are no pair, and what is no key, at the first call', async () => {
    const failures = [
      { privateKey: other.privateKey },
      { publicKey: long.publicKey },
      { publicKey: derOf(pair.privateKey) },
      { publicKey: derOf(pair.privateKey), privateKey: derOf(pair.publicKey) },
    ]
    for (const keys of failures) {
      const keyring = rawRsa({ ...web, ...keys })
      await expect(wrapOne(keyring)).rejects.toThrow(TypeError)
      await expect(ask(keyring, [])).rejects.toThrow(TypeError)
    }
  })
})

describe('rawRsa, what it passes over', () => {
  it('says why, and opens the first that opens', async () => {
    const keyring = rawRsa(options)
    const { own, dataKey } = await wrapOne(keyring)
    const foreign = [
      [{ ...own, providerId: 'vaults2' }, 'other provider id'],
      [{ ...own, keyInfo: new TextEncoder().encode('vault-10') }, 'other key name'],
      [{ ...own, keyInfo: own.keyInfo.subarray(0, -1) }, 'other key name'],
      [
        { ...own, ciphertext: own.ciphertext.subarray(1) },
        'ciphertext of 255 bytes, and the modulus of this key has 256',
      ],
      [{ ...own, ciphertext: own.ciphertext.toReversed() }, 'did not decrypt under this key with oaep-sha256'],
      [(await wrapOne(rawRsa({ ...options, ...other }))).own, 'did not decrypt under this key with oaep-sha256'],
    ] as const
    const { opened, reports } = await ask(keyring, [...foreign.map(([each]) => each), own])
    expect(opened).toEqual({ dataKey, encryptedDataKey: own })
    const said = new Map(reports.map(({ encryptedDataKey, reason }) => [encryptedDataKey, reason]))
    for (const [each, reason] of foreign) expect(said.get(each)).toBe(reason)
    expect(reports).toHaveLength(foreign.length)
  })

  it('refuses a data key of another length than the suite takes', async () => {
    const { own } = await wrapOne(rawRsa(options), undefined, SUITE_128)
    expect(await ask(rawRsa(options), [own])).toMatchObject({
      opened: null,
      reasons: ['holds a data key of 16 bytes, and the suite takes 32'],
    })
  })
})

describe('rawRsa with an aborted signal', () => {
  it('rejects with its reason, whatever it is asked to open', async () => {
    const reason = new Error('enough')
    const { own } = await wrapOne(rawRsa(options))
    for (const encryptedDataKeys of [[], [own], [{ ...own, providerId: 'x' }]]) {
      const unwrapping = rawRsa(options).unwrapDataKey({
        suite: SUITE,
        encryptionContext: CONTEXT,
        encryptedDataKeys,
        passedOver: () => undefined,
        signal: AbortSignal.abort(reason),
      })
      await expect(unwrapping).rejects.toBe(reason)
    }
  })
})

describe('rawRsa, its other options', () => {
  it('refuses unknown ones by name', () => {
    expect(() => rawRsa({ ...options, oaepHash: 'sha512' } as RawRsaOptions)).toThrow(/has no option oaepHash/)
  })

  it.each(['aws-kms', 'aws-kms-rsa'])('refuses the namespace %s', (namespace) => {
    expect(() => rawRsa({ ...options, namespace })).toThrow(RangeError)
  })

  it('gives a frozen keyring that holds nothing but its name and two functions', () => {
    expect(Object.isFrozen(rawRsa(options))).toBe(true)
    expect(JSON.stringify(rawRsa(options))).toBe('{"name":"raw-rsa:vaults/vault-1"}')
  })

  it('refuses a given data key of another length than the suite takes', async () => {
    const wrapping = rawRsa(options).wrapDataKey({
      suite: SUITE,
      encryptionContext: CONTEXT,
      dataKey: new Uint8Array(16),
    })
    await expect(wrapping).rejects.toThrow(RangeError)
  })
})
