/// <reference lib="esnext.disposable" preserve="true" />
import { readOptions, record } from '@bongtu/crypto/options'
import { SETTINGS } from './kms-settings.ts'
import { type LocalKms, type LocalKmsOptions, localKms } from './local-kms.ts'
import type { Seed } from './seed/seed.ts'

export type { LocalKms, Seed }

/**
 * A fresh KMS in memory for one test, with the same code behind it as the server. Make one per test: it takes a few
 * milliseconds. `await using` closes it, or `close()`.
 */
export async function testKms(
  seed: Seed = {},
  options: Omit<Extract<LocalKmsOptions, { memory: true }>, 'memory'> = {},
): Promise<LocalKms & AsyncDisposable> {
  const settings = readOptions('testKms', options, SETTINGS)
  const kms = await localKms(record({ memory: true } as const, settings), seed)
  return { ...kms, [Symbol.asyncDispose]: kms.close }
}
