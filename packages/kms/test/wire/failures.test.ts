import { describe, expect, it } from 'vitest'
import { HsmError, type HsmErrorCode } from '../../src/hsm/port.ts'
import { StoreError, type StoreErrorCode } from '../../src/store/store.ts'
import { KmsError, type KmsErrorCode } from '../../src/wire/errors.ts'
import { toKmsError } from '../../src/wire/failures.ts'

describe('what the caller is told of a refusal of the HSM', () => {
  it.each([
    ['invalidCiphertext', 'InvalidCiphertextException', 400, undefined],
    ['invalidImportToken', 'InvalidImportTokenException', 400, undefined],
    ['expiredImportToken', 'ExpiredImportTokenException', 400, undefined],
    ['materialNotUnwrapped', 'InvalidCiphertextException', 400, undefined],
    ['invalidMaterial', 'IncorrectKeyMaterialException', 400, undefined],
    ['invalidParameter', 'ValidationException', 400, 'words of the HSM'],
    ['invalidToken', 'KeyUnavailableException', 500, undefined],
    ['unknownDomainKey', 'KeyUnavailableException', 500, undefined],
    ['ringFull', 'KMSInternalException', 500, undefined],
    ['wrongRoot', 'KMSInternalException', 500, undefined],
    ['noDomain', 'KMSInternalException', 500, undefined],
  ] satisfies readonly (readonly [HsmErrorCode, KmsErrorCode, number, string | undefined])[])(
    '%s is %s with status %i',
    (code, told, status, text) => {
      expect(toKmsError(new HsmError(code, 'words of the HSM'))).toMatchObject({ code: told, status, text })
    },
  )
})

describe('what the caller is told of a failure of the store', () => {
  it.each([
    ['full', 'KMSInternalException', /no space left/],
    ['readOnly', 'KMSInternalException', /only be read/],
    ['damaged', 'KeyUnavailableException', /bongtu kms doctor/],
    ['busy', 'DependencyTimeoutException', /try again/],
    ['conflict', 'DependencyTimeoutException', /try again/],
  ] satisfies readonly (readonly [StoreErrorCode, KmsErrorCode, RegExp])[])(
    '%s is %s, with what to do',
    (code, told, words) => {
      const error = toKmsError(new StoreError(code, '/var/lib/kms/kms.db: what happened'))
      expect(error).toMatchObject({ code: told, status: 500, text: expect.stringMatching(words) })
      expect(error.text).not.toContain('/var/lib')
    },
  )

  it.each(['closed', 'failed', 'exists'] as const)('%s is nothing that the caller can help', (code) => {
    const error = toKmsError(new StoreError(code, '/var/lib/kms/kms.db: what happened'))
    expect(error).toMatchObject({ code: 'KMSInternalException', status: 500, text: undefined })
  })
})

it('is told nothing of any other throw', () => {
  expect(toKmsError(new Error('inside'))).toMatchObject({ code: 'KMSInternalException', text: undefined })
  expect(toKmsError('inside')).toMatchObject({ code: 'KMSInternalException', text: undefined })
  const own = new KmsError('NotFoundException', 'told')
  expect(toKmsError(own)).toBe(own)
})
