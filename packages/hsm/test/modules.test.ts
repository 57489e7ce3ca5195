import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { aroundBlockingCalls, callsUnderWay, initToken, listTokens } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import { loadBinding } from '../src/pkcs11/binding.ts'
import { createModules } from '../src/pkcs11/modules.ts'
import { instrumented } from './support/instrumented.ts'
import { tokenErrorWith } from './support/rejection.ts'
import { softHsmToken } from './support/softhsm.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

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

describe('a PKCS#11 module that is no file', () => {
  const folder = temporaryFolder()
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])

  it.each([
    ['a pipe', pipe, 'must be a regular file'],
    ['a folder', folder, 'must be a regular file'],
    ['a device', '/dev/null', 'must be a regular file'],
    ['nothing', join(folder, 'absent.so'), 'ENOENT'],
  ])('is not loaded: %s', async (_, path, says) => {
    const { load, calls } = instrumented()
    await expect(createModules(load)({ path })).rejects.toEqual(tokenErrorWith('noModule', says))
    expect([...calls.keys()]).toEqual([])
  })
})

describe('aroundBlockingCalls', () => {
  it('is given every call that stops the thread, and none that does not', async () => {
    const place = softHsmToken()
    const done: string[] = []
    aroundBlockingCalls((call) => {
      done.push('before')
      try {
        return call()
      } finally {
        done.push('behind')
      }
    })
    try {
      const binding = await loadBinding()
      binding.load(place.modulePath)
      binding.C_Initialize({ flags: 2 })
      expect(done).toEqual(['before', 'behind', 'before', 'behind'])
      expect(() => binding.C_CloseSession(Buffer.alloc(8))).toThrow('CKR_SESSION_HANDLE_INVALID')
      expect(done).toHaveLength(6)
      expect(callsUnderWay()).toBe(0)
      const call = binding.C_EncryptAsync(Buffer.alloc(8), Buffer.alloc(1), Buffer.alloc(32))
      expect([callsUnderWay(), done.length]).toEqual([1, 6])
      await expect(call).rejects.toThrow('CKR_')
      expect(callsUnderWay()).toBe(0)
    } finally {
      aroundBlockingCalls((call) => call())
    }
  })
})
