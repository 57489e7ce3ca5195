import type { Engine, Keyring } from '@bongtu/client'
import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import type { VectorKey } from '../../vector.ts'
import { keys } from './files.ts'

export const engines: readonly Engine[] = [nodeEngine, webEngine, nobleEngine]

const keyNamed = (name: string): VectorKey => {
  const key = keys.wrapping[name]
  if (key === undefined) throw new Error(`keys.json holds no ${name}`)
  return key
}

/** Whether an engine has what a key needs. */
export const canUse =
  (engine: Engine) =>
  (name: string): boolean => {
    const key = keyNamed(name)
    return key.type === 'raw-aes' || engine.rsaDecryptPaddings.includes(key.padding)
  }

/** The keyring of a vector's keys, on one engine. */
export function keyringOf(names: readonly string[], engine: Engine): Keyring {
  const all = names.map((name) => keyringOfOne(keyNamed(name), engine))
  const [first] = all
  return first !== undefined && all.length === 1 ? first : multi({ children: all })
}

function keyringOfOne(key: VectorKey, engine: Engine): Keyring {
  const { namespace, name } = key
  if (key.type === 'raw-aes') return rawAes({ namespace, name, key: Buffer.from(key.key, 'base64'), engine })
  const { padding, privateKey } = key
  return rawRsa({ namespace, name, padding, privateKey, engine })
}
