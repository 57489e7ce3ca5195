import * as sdk from '@aws-sdk/client-kms'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf, testBed } from '../support/client.ts'
import { bytes, createKey } from '../support/keys.ts'

const INVALID = { name: 'InvalidCiphertextException', status: 400 }
const plaintext = bytes('the plaintext')

async function sealed(EncryptionContext?: Record<string, string>) {
  const bed = await testBed()
  const key = await createKey(bed.client)
  const request = { KeyId: key.id, Plaintext: plaintext, ...(EncryptionContext && { EncryptionContext }) }
  const { CiphertextBlob = new Uint8Array() } = await bed.client.send(new sdk.EncryptCommand(request))
  const open = (blob: Uint8Array, context?: Record<string, string>) =>
    bed.client.send(new sdk.DecryptCommand({ CiphertextBlob: blob, ...(context && { EncryptionContext: context }) }))
  return { ...bed, key, CiphertextBlob, open }
}

describe('a ciphertext', () => {
  it('is that of AWS in length: 184 bytes for a data key of 32', async () => {
    const { client, key } = await sealed()
    const made = await client.send(new sdk.GenerateDataKeyCommand({ KeyId: key.id, KeySpec: 'AES_256' }))
    expect(made.CiphertextBlob).toHaveLength(184)
  })

  it('names neither account, Region nor key', async () => {
    const { CiphertextBlob, key } = await sealed()
    const text = Buffer.from(CiphertextBlob).toString('latin1')
    const raw = Buffer.from(key.id.replaceAll('-', ''), 'hex').toString('latin1')
    for (const name of ['111122223333', 'us-east-1', 'arn:', key.id, raw]) expect(text).not.toContain(name)
  })

  it('differs each time', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const again = await client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: plaintext }))
    expect(again.CiphertextBlob).not.toEqual(CiphertextBlob)
  })

  it('does not open with any bit changed', async () => {
    const { CiphertextBlob, open } = await sealed()
    for (let at = 0; at < CiphertextBlob.length; at++) {
      const altered = CiphertextBlob.slice()
      altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8))
      const { name } = await failureOf(open(altered))
      // A changed id names a key that is not there.
      expect(name).toBe(at >= 5 && at < 37 ? 'AccessDeniedException' : 'InvalidCiphertextException')
    }
  })

  it('does not open when it was cut or grew', async () => {
    const { CiphertextBlob, open } = await sealed()
    for (const length of [1, 4, 37, 58, CiphertextBlob.length - 1]) {
      expect(await failureOf(open(CiphertextBlob.subarray(0, length)))).toMatchObject(INVALID)
    }
    expect(await failureOf(open(Buffer.concat([CiphertextBlob, Uint8Array.of(0)])))).toMatchObject(INVALID)
  })
})

describe('an encryption context', () => {
  it('opens in any order of its pairs', async () => {
    const { CiphertextBlob, open } = await sealed({ a: '1', b: '2', c: '3' })
    expect((await open(CiphertextBlob, { c: '3', a: '1', b: '2' })).Plaintext).toEqual(new Uint8Array(plaintext))
  })

  it.each([
    [{ a: 'bc' }, { ab: 'c' }],
    [{ a: 'b', c: 'd' }, { a: 'bcd' }],
    [{ a: 'b', c: 'd' }, { a: 'b' }],
    [{ a: 'b' }, { A: 'b' }],
    [{ a: 'b' }, { a: 'B' }],
    [{ a: '' }, {}],
    [{ '': 'a' }, { a: '' }],
    [{ a: 'é' }, { a: 'e\u0301' }],
    [{ 'aws-crypto-public-key': 'k' }, {}],
  ])('%j is not %j', async (one, other) => {
    const { CiphertextBlob, open } = await sealed(one)
    expect(await failureOf(open(CiphertextBlob, other))).toMatchObject(INVALID)
    await expect(open(CiphertextBlob, one)).resolves.toBeDefined()
  })

  it('opens what it sealed and nothing else', async () => {
    const { client, key, open } = await sealed()
    const contexts = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 3 })
    await fc.assert(
      fc.asyncProperty(contexts, contexts, async (one, other) => {
        const request = { KeyId: key.id, Plaintext: plaintext, EncryptionContext: one }
        const { CiphertextBlob = new Uint8Array() } = await client.send(new sdk.EncryptCommand(request))
        const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
        const { name } = await failureOf(open(CiphertextBlob, other))
        expect(name).toBe(same ? 'success' : 'InvalidCiphertextException')
        expect((await open(CiphertextBlob, one)).Plaintext).toEqual(new Uint8Array(plaintext))
      }),
      { numRuns: 60 },
    )
  })
})

describe('Decrypt with a KeyId', () => {
  it('refuses another key before it looks at the state of either', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const other = await createKey(client)
    const external = await createKey(client, { Origin: 'EXTERNAL' })
    const message = 'The key ID in the request does not identify a CMK that can perform this operation.'
    const ask = (KeyId: string) => failureOf(client.send(new sdk.DecryptCommand({ CiphertextBlob, KeyId })))
    expect(await ask(other.id)).toEqual({ name: 'IncorrectKeyException', message, status: 400 })
    expect(await ask(external.arn)).toMatchObject({ name: 'IncorrectKeyException' })
    await client.send(new sdk.DisableKeyCommand({ KeyId: key.id }))
    await client.send(new sdk.DisableKeyCommand({ KeyId: other.id }))
    expect(await ask(other.id)).toMatchObject({ name: 'IncorrectKeyException' })
    expect(await ask(key.id)).toMatchObject({ name: 'DisabledException', message: `${key.arn} is disabled.` })
  })

  it('follows an alias to the key that it leads to now', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const other = await createKey(client)
    await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/app', TargetKeyId: key.id }))
    const ask = () => failureOf(client.send(new sdk.DecryptCommand({ CiphertextBlob, KeyId: 'alias/app' })))
    expect((await ask()).name).toBe('success')
    await client.send(new sdk.UpdateAliasCommand({ AliasName: 'alias/app', TargetKeyId: other.id }))
    expect((await ask()).name).toBe('IncorrectKeyException')
  })

  it('refuses an algorithm that is not of the key', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256' as const
    const expected = {
      name: 'InvalidKeyUsageException',
      message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    }
    const decrypted = client.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionAlgorithm }))
    const encrypted = client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: plaintext, EncryptionAlgorithm }))
    expect(await failureOf(decrypted)).toMatchObject(expected)
    expect(await failureOf(encrypted)).toMatchObject(expected)
  })
})

describe('ReEncrypt', () => {
  it('moves a ciphertext under another key and context', async () => {
    const { client, key, CiphertextBlob, open } = await sealed({ from: 'here' })
    const other = await createKey(client)
    const moved = await client.send(
      new sdk.ReEncryptCommand({
        CiphertextBlob,
        SourceEncryptionContext: { from: 'here' },
        DestinationKeyId: other.id,
        DestinationEncryptionContext: { to: 'there' },
      }),
    )
    expect(moved).toMatchObject({
      SourceKeyId: key.arn,
      KeyId: other.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      SourceKeyMaterialId: key.metadata.CurrentKeyMaterialId,
      DestinationKeyMaterialId: other.metadata.CurrentKeyMaterialId,
    })
    const opened = await open(moved.CiphertextBlob ?? new Uint8Array(), { to: 'there' })
    expect(opened).toMatchObject({ KeyId: other.arn, Plaintext: new Uint8Array(plaintext) })
    expect(await failureOf(open(moved.CiphertextBlob ?? new Uint8Array(), { from: 'here' }))).toMatchObject(INVALID)
  })

  it('refuses the wrong source key, context and ciphertext', async () => {
    const { client, key, CiphertextBlob } = await sealed({ from: 'here' })
    const other = await createKey(client)
    const ask = (input: Partial<sdk.ReEncryptCommandInput>) =>
      failureOf(
        client.send(
          new sdk.ReEncryptCommand({
            CiphertextBlob,
            DestinationKeyId: other.id,
            SourceEncryptionContext: { from: 'here' },
            ...input,
          }),
        ),
      )
    expect((await ask({})).name).toBe('success')
    expect((await ask({ SourceKeyId: key.arn })).name).toBe('success')
    expect((await ask({ SourceKeyId: other.id })).name).toBe('IncorrectKeyException')
    expect((await ask({ SourceEncryptionContext: {} })).name).toBe('InvalidCiphertextException')
    expect((await ask({ CiphertextBlob: bytes('rubbish') })).name).toBe('InvalidCiphertextException')
    expect((await ask({ DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })).name).toBe('InvalidKeyUsageException')
    expect((await ask({ CiphertextBlob: undefined })).name).toBe('ValidationException')
  })
})

describe('a rehearsal', () => {
  const DRY = {
    name: 'DryRunOperationException',
    message: 'The request would have succeeded, but the DryRun option is set.',
    status: 400,
  }

  it('fails by saying that it would have succeeded', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const KeyId = key.id
    const DryRun = true
    const rehearsals = [
      client.send(new sdk.EncryptCommand({ KeyId, Plaintext: plaintext, DryRun })),
      client.send(new sdk.DecryptCommand({ CiphertextBlob, DryRun })),
      client.send(new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun })),
      client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun })),
      client.send(new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256', DryRun })),
    ]
    for (const rehearsal of rehearsals) expect(await failureOf(rehearsal)).toEqual(DRY)
  })

  it('fails with what the call would have failed with', async () => {
    const { client, key, CiphertextBlob } = await sealed({ a: 'b' })
    const wrong = client.send(new sdk.DecryptCommand({ CiphertextBlob, DryRun: true }))
    expect(await failureOf(wrong)).toMatchObject(INVALID)
    await client.send(new sdk.DisableKeyCommand({ KeyId: key.id }))
    const disabled = client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: plaintext, DryRun: true }))
    expect((await failureOf(disabled)).name).toBe('DisabledException')
  })

  it('may leave the ciphertext out where it names the key', async () => {
    const { client, key } = await sealed()
    const DryRunModifiers: sdk.DryRunModifierType[] = ['IGNORE_CIPHERTEXT']
    const ask = (input: sdk.DecryptCommandInput) => failureOf(client.send(new sdk.DecryptCommand(input)))
    expect(await ask({ KeyId: key.id, DryRun: true, DryRunModifiers })).toEqual(DRY)
    expect((await ask({ DryRun: true, DryRunModifiers })).name).toBe('ValidationException')
    expect((await ask({ KeyId: key.id, DryRunModifiers })).name).toBe('ValidationException')
    expect((await ask({ KeyId: key.id, DryRun: true })).name).toBe('ValidationException')
    const move = client.send(
      new sdk.ReEncryptCommand({ SourceKeyId: key.id, DestinationKeyId: key.id, DryRun: true, DryRunModifiers }),
    )
    expect(await failureOf(move)).toEqual(DRY)
    await client.send(new sdk.DisableKeyCommand({ KeyId: key.id }))
    expect((await ask({ KeyId: key.id, DryRun: true, DryRunModifiers })).name).toBe('DisabledException')
  })
})

describe('what cannot be served', () => {
  it('is a grant token, for no grant was made', async () => {
    const { client, key } = await sealed()
    const made = client.send(new sdk.EncryptCommand({ KeyId: key.id, Plaintext: plaintext, GrantTokens: ['made-up'] }))
    expect(await failureOf(made)).toMatchObject({ name: 'InvalidGrantTokenException', status: 400 })
  })

  it('is an enclave, rather than answering it in clear', async () => {
    const { client, key, CiphertextBlob } = await sealed()
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const, AttestationDocument: bytes('none') }
    const asked = [
      client.send(new sdk.DecryptCommand({ CiphertextBlob, Recipient })),
      client.send(new sdk.GenerateDataKeyCommand({ KeyId: key.id, KeySpec: 'AES_256', Recipient })),
      client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 1, Recipient })),
    ]
    for (const one of asked) expect((await failureOf(one)).name).toBe('UnsupportedOperationException')
  })
})

it('GenerateRandom answers as many bytes as asked for, never the same', async () => {
  const { client } = await testBed()
  const one = await client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 1024 }))
  const other = await client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 1024 }))
  expect(one.Plaintext).toHaveLength(1024)
  expect(other.Plaintext).not.toEqual(one.Plaintext)
  const inStore = client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 1, CustomKeyStoreId: 'cks-1' }))
  expect((await failureOf(inStore)).name).toBe('CustomKeyStoreNotFoundException')
})
