import { initToken, listTokens } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import { createModules } from '../src/pkcs11/modules.ts'
import { instrumented } from './support/instrumented.ts'

describe('a PKCS#11 module', () => {
  const relative = ['softhsm.so', './softhsm.so', '../lib/softhsm.so', '']

  it.each(relative)('is not loaded by a path that the system would search for or resolve: %j', async (path) => {
    const { load, calls } = instrumented()
    const opened = createModules(load)({ path })
    await expect(opened).rejects.toThrow(TypeError)
    await expect(opened).rejects.toThrow(`must be absolute, so that the system does not search for it; got ${path}`)
    expect([...calls.keys()]).toEqual([])
  })

  it.each(relative)('is not loaded by such a path to list or to make tokens either: %j', async (path) => {
    await expect(listTokens({ path })).rejects.toThrow(TypeError)
    await expect(initToken({ path, label: 'x', soPin: '12345678', pin: '1234' })).rejects.toThrow(TypeError)
  })
})
