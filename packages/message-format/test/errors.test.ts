import { describe, expect, it, vi } from 'vitest'
import { authenticationFailed, BongtuError } from '../src/index.ts'

describe('BongtuError', () => {
  it('carries a code, the attempts and the cause', () => {
    const cause = new Error('below')
    const attempt = {
      encryptedDataKey: { providerId: 'p', keyInfo: new Uint8Array(1), ciphertext: new Uint8Array(1) },
      keyring: 'k',
      reason: 'r',
    }
    const error = new BongtuError('ERR_NO_KEY', 'text', { cause, attempts: [attempt] })
    expect(error).toMatchObject({
      name: 'BongtuError',
      code: 'ERR_NO_KEY',
      message: 'text',
      cause,
      attempts: [attempt],
    })
    expect(new BongtuError('ERR_LIMIT', 'text').attempts).toEqual([])
    expect('cause' in new BongtuError('ERR_LIMIT', 'text')).toBe(false)
  })

  it('is recognised across two installed copies', async () => {
    vi.resetModules()
    const other = await import('../src/errors.ts')
    expect(other.BongtuError).not.toBe(BongtuError)
    const foreign = new other.BongtuError('ERR_LIMIT', 'text')
    expect(foreign instanceof BongtuError).toBe(false)
    expect(BongtuError.is(foreign)).toBe(true)
    expect(BongtuError.is(foreign, 'ERR_LIMIT')).toBe(true)
    expect(BongtuError.is(foreign, 'ERR_POLICY')).toBe(false)
  })

  it.each([[new Error('x')], [{ code: 'ERR_LIMIT' }], [null], [undefined], ['ERR_LIMIT']])(
    'does not take %j for one',
    (value) => {
      expect(BongtuError.is(value)).toBe(false)
    },
  )

  it('does not show its brand when it is listed', () => {
    expect(Object.getOwnPropertySymbols({ ...new BongtuError('ERR_LIMIT', 'text') })).toEqual([])
  })
})

describe('authenticationFailed', () => {
  it('has one constant text and no cause', () => {
    expect(authenticationFailed().message).toBe(authenticationFailed().message)
    expect(authenticationFailed()).toMatchObject({ code: 'ERR_AUTHENTICATION', attempts: [] })
    expect('cause' in authenticationFailed()).toBe(false)
    expect(authenticationFailed('required: a').message).toBe(`${authenticationFailed().message} (required: a)`)
  })
})
