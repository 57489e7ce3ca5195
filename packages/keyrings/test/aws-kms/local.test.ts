import { decrypt, encrypt } from '@bongtu/client'
import { awsKms, localKmsKeyring } from '@bongtu/keyrings/aws-kms'
import { localKms } from '@bongtu/kms'
import { describe, expect, it } from 'vitest'
import { ask, CONTEXT, SUITE, wrapOne } from '../asking.ts'
import { ABROAD, HOME, keys, testKms } from './support/kms.ts'

describe('localKmsKeyring', () => {
  it('makes the key behind its alias on the first wrap, and never again', async () => {
    const { kms, calls } = await testKms()
    const keyring = localKmsKeyring(kms, 'alias/bongtu')
    const { own: one } = await wrapOne(keyring)
    const { own: other } = await wrapOne(localKmsKeyring(kms, 'alias/bongtu'))
    expect(one.keyInfo).toEqual(other.keyInfo)
    expect(calls()).toEqual(Array.from({ length: 2 }, () => `GenerateDataKey ${new TextDecoder().decode(one.keyInfo)}`))
  })

  it('makes no key to decrypt', async () => {
    const { kms: writer } = await testKms()
    const { own } = await wrapOne(localKmsKeyring(writer, 'alias/bongtu'))
    const kms = await localKms({ memory: true })
    const { opened, reasons } = await ask(localKmsKeyring(kms, 'alias/bongtu'), [own])
    expect(opened).toBeNull()
    expect(reasons).toEqual([expect.stringContaining('alias/bongtu names no key there; local-kms:* opens')])
    expect((await kms.status()).keys).toBe(0)
    await kms.close()
  })

  it('decrypts with any key of that KMS, in every Region, under the name *, which never wraps', async () => {
    const { kms } = await testKms()
    for (const keyId of [keys.second, keys.abroad, keys.mrk.far]) {
      const { own, dataKey } = await wrapOne(awsKms({ keyId, kms }))
      expect((await ask(localKmsKeyring(kms, '*'), [own])).opened?.dataKey).toEqual(dataKey)
      expect((await ask(localKmsKeyring(kms, keyId), [own])).opened?.dataKey).toEqual(dataKey)
      const { opened, reasons } = await ask(localKmsKeyring(kms, keys.first), [own])
      expect(opened).toBeNull()
      expect(reasons).toEqual([`it is under ${keyId}; local-kms:* opens with any key of this KMS`])
    }
    const request = { suite: SUITE, encryptionContext: CONTEXT }
    await expect(localKmsKeyring(kms, '*').wrapDataKey(request)).rejects.toMatchObject({ code: 'ERR_KEYRING' })
  })

  it('wraps under a key by its id or ARN, in whichever Region that is, too', async () => {
    const { kms } = await testKms()
    for (const [keyId, arn] of [
      [keys.second, keys.second],
      [keys.second.slice(-36), keys.second],
      [keys.abroad, keys.abroad],
    ] as const) {
      const { own } = await wrapOne(localKmsKeyring(kms, keyId))
      expect(new TextDecoder().decode(own.keyInfo)).toBe(arn)
    }
  })

  it('follows its alias to another key, and tells how what the first one wrapped opens', async () => {
    const { kms } = await testKms()
    const keyring = localKmsKeyring(kms, keys.alias)
    const before = await wrapOne(keyring)
    const input = { AliasName: keys.alias, TargetKeyId: keys.second.slice(-36) }
    await kms.entry({
      method: 'POST',
      url: '/',
      headers: { 'x-amz-target': 'TrentService.UpdateAlias' },
      body: new TextEncoder().encode(JSON.stringify(input)),
    })
    const after = await wrapOne(keyring)
    expect(new TextDecoder().decode(after.own.keyInfo)).toBe(keys.second)
    expect((await ask(keyring, [after.own])).opened?.dataKey).toEqual(after.dataKey)
    const { opened, reasons } = await ask(keyring, [before.own])
    expect(opened).toBeNull()
    expect(reasons).toEqual([
      `it is under ${keys.first}, and ${keys.alias} names ${keys.second} now; local-kms:* opens with any key of this KMS`,
    ])
    expect((await ask(localKmsKeyring(kms, '*'), [before.own])).opened?.dataKey).toEqual(before.dataKey)
  })

  it('passes over keys that it lacks, and what names no Region, without asking outside', async () => {
    const { kms } = await testKms()
    const { own } = await wrapOne(awsKms({ keyId: keys.first, kms }))
    const named = (arn: string) => ({ ...own, keyInfo: new TextEncoder().encode(arn) })
    const keyring = localKmsKeyring(kms, keys.alias)
    const { opened, reasons } = await ask(keyring, [
      named(keys.first.replace(HOME, ABROAD)),
      named(keys.first.replace(HOME, 'evil.example/\r\n')),
      named(keys.second),
      own,
    ])
    expect(opened?.encryptedDataKey).toBe(own)
    expect(reasons).toEqual([
      expect.stringContaining('names no key there'),
      'its Region is malformed',
      expect.stringContaining(`it is under ${keys.second}, and`),
    ])
  })

  it('reports a KMS that fails as ERR_KEYRING, and an aborted call with its reason', async () => {
    const { kms } = await testKms()
    const keyring = localKmsKeyring(kms, keys.alias)
    kms.faults.add({ operation: 'GenerateDataKey', kind: 'error', code: 'KMSInvalidStateException' })
    const request = { suite: SUITE, encryptionContext: CONTEXT }
    await expect(keyring.wrapDataKey(request)).rejects.toMatchObject({ code: 'ERR_KEYRING' })
    const reason = new Error('no longer')
    await expect(keyring.wrapDataKey({ ...request, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })

  it('refuses what cannot name a key', async () => {
    const { kms } = await testKms()
    expect(() => localKmsKeyring(kms, '')).toThrow(RangeError)
    expect(() => localKmsKeyring(kms, 'key/1')).toThrow(RangeError)
  })

  it('encrypts and decrypts whole messages after a rotation, with one line of set-up', async () => {
    const kms = await localKms({ memory: true })
    const keyring = localKmsKeyring(kms, 'alias/app')
    const { ciphertext } = await encrypt(Uint8Array.of(1, 2), { keyring })
    await kms.rotateDomainKey()
    expect((await decrypt(ciphertext, { keyring })).plaintext).toEqual(Uint8Array.of(1, 2))
    await kms.close()
  })
})
