import { pkcs11Token } from '@bongtu/hsm'
import { expect, it, vi } from 'vitest'
import { tokenErrorWith } from './support/rejection.ts'

vi.mock('pkcs11js', () => {
  throw new Error("Cannot find package 'pkcs11js'")
})

it('says how to install pkcs11js where it is missing, when a token is first used and not before', async () => {
  const token = pkcs11Token({ uri: 'pkcs11:token=a?module-path=/usr/lib/p11.so' })
  await expect(token.keys()).rejects.toEqual(tokenErrorWith('noBinding', 'npm install pkcs11js'))
})
