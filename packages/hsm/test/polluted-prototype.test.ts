import { join } from 'node:path'
import { createEmbeddedToken, embeddedToken, localHsm, pkcs11Token } from '@bongtu/hsm'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from './support/temporary-folder.ts'

const file = join(temporaryFolder(), 'keys.token')
await createEmbeddedToken({ file })
const token = embeddedToken({ file })
const uri = 'pkcs11:token=acme;object=kek?module-path=/nowhere/p11.so'

/** Runs while `Object.prototype` has this property, as a hostile merge leaves it. */
function polluted(name: string, value: unknown, run: () => unknown): void {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true })
  try {
    run()
  } finally {
    Reflect.deleteProperty(Object.prototype, name)
  }
}

/** No option takes a symbol: each of these calls fails if it reads the polluted option. */
const HOSTILE = Symbol('hostile')
const common = ['namespace', 'name', 'padding', 'publicKey', 'allowWeakKeys', 'engine']
const names = { namespace: 'acme', name: 'kek' }

const calls: Readonly<Record<string, readonly [readonly string[], () => unknown]>> = {
  'localHsm by a URI': [['token', 'key', ...common], () => localHsm({ uri })],
  'localHsm by a token': [
    ['uri', 'id', 'padding', 'publicKey', 'allowWeakKeys', 'engine'],
    () => localHsm({ token, key: { label: 'kek' }, ...names }),
  ],
  pkcs11Token: [
    ['modulePath', 'pin', 'sessions', 'allowExtractable', 'libraryParameters', 'refusedPins', 'retryPin'],
    () => pkcs11Token({ uri }),
  ],
  embeddedToken: [['passphrase'], () => embeddedToken({ file })],
}

describe('an option that a hostile merge put into Object.prototype has no effect', () => {
  for (const [call, [options, run]] of Object.entries(calls)) {
    it.each(options)(`%s of ${call}`, (name) => {
      expect(() => polluted(name, HOSTILE, run)).not.toThrow()
    })
  }

  it('passphrase: a token that is made under one is not opened without it', async () => {
    const sealed = join(temporaryFolder(), 'sealed.token')
    const passphrase = new TextEncoder().encode('a passphrase')
    await createEmbeddedToken({ file: sealed, passphrase })
    let opened = token
    polluted('passphrase', passphrase, () => {
      opened = embeddedToken({ file: sealed })
    })
    await expect(opened.keys()).rejects.toThrow()
  })
})
