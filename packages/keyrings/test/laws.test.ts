import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { algorithmSuites, encodeEncryptionContext, encryptionContext } from '@bongtu/message-format'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeKeyInfo, ivOfKeyInfo } from '../src/raw-aes/key-info.ts'
import { legacyContextEncodings } from '../src/raw-aes/legacy-context-order.ts'
import { ask } from './asking.ts'
import { countingKey } from './keys.ts'

const encoder = new TextEncoder()
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
const name = fc.oneof(text, fc.constantFrom('vault-1', 'vault-10', 'vault', 'v', 'vault-1\0\0\0`\0\0\0'))
const iv = fc.uint8Array({ minLength: 12, maxLength: 12 })
const context = fc.dictionary(text, fc.string({ unit: 'binary', maxLength: 20 }), { maxKeys: 6 }).map(encryptionContext)

describe('the key info of rawAes', () => {
  it('gives back its initialisation vector under the name that it was made with', () => {
    fc.assert(
      fc.property(name, iv, (own, vector) => {
        const bytes = encoder.encode(own)
        expect(ivOfKeyInfo(bytes, encodeKeyInfo(bytes, vector))).toEqual(vector)
      }),
    )
  })

  it('gives none under any other name', () => {
    fc.assert(
      fc.property(name, name, iv, (own, other, vector) => {
        fc.pre(own !== other)
        const read = ivOfKeyInfo(encoder.encode(own), encodeKeyInfo(encoder.encode(other), vector))
        expect(typeof read).toBe('string')
      }),
    )
  })

  it('is read from any bytes without a throw', () => {
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 60 }), (own, bytes) => {
        const read = ivOfKeyInfo(encoder.encode(own), bytes)
        if (typeof read !== 'string') expect(read).toHaveLength(12)
      }),
    )
  })
})

describe('the legacy orders of a context', () => {
  it('hold the bytes of the specified order, differently arranged', () => {
    fc.assert(
      fc.property(context, (pairs) => {
        const specified = encodeEncryptionContext(pairs)
        for (const legacy of legacyContextEncodings(pairs)) {
          expect(legacy.toSorted()).toEqual(specified.toSorted())
        }
      }),
    )
  })
})

describe('keyrings', () => {
  const aes = (label: string, legacyJsContextOrder: boolean) =>
    rawAes({ namespace: 'laws', name: label, key: countingKey(32, label.length), legacyJsContextOrder })
  const writer = multi({ generator: aes('a', false), children: [aes('bb', true)] })

  it('open what they wrapped, for any suite and context, from any of their encrypted data keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...algorithmSuites), context, async (suite, pairs) => {
        const { dataKey, encryptedDataKeys } = await writer.wrapDataKey({ suite, encryptionContext: pairs })
        for (const reader of [aes('a', true), aes('bb', false), writer]) {
          expect((await ask(reader, encryptedDataKeys, suite, pairs)).opened?.dataKey).toEqual(dataKey)
        }
      }),
    )
  })
})
