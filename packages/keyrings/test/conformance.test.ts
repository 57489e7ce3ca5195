import { keyringConformance } from '@bongtu/client/conformance'
import { defaultEngine } from '@bongtu/crypto'
import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { describe, it } from 'vitest'
import { countingKey, derOf, rsaPair } from './keys.ts'
import { pkcs1Engine } from './pkcs1-engine.ts'

const runner = { describe, it }
const namespace = 'conformance'
const pairs = [rsaPair(), rsaPair()] as const
const der = pairs.map(({ privateKey }) => derOf(privateKey))

for (const [length, engine, legacyJsContextOrder] of [
  [16, nodeEngine, false],
  [24, nodeEngine, false],
  [32, nodeEngine, false],
  [32, nodeEngine, true],
  [32, webEngine, false],
  [16, nobleEngine, false],
] as const) {
  const keys = [countingKey(length), countingKey(length, 101)] as const
  keyringConformance(runner, {
    name: `rawAes with ${length * 8} bits on the ${engine.name} engine, legacyJsContextOrder ${legacyJsContextOrder}`,
    bindsContext: true,
    make: () => ({
      keyring: rawAes({ namespace, name: 'key', key: keys[0], engine, legacyJsContextOrder }),
      sibling: rawAes({ namespace, name: 'key', key: keys[1], engine }),
      secrets: keys,
    }),
  })
}

for (const [engine, padding] of [
  ...defaultEngine.rsaDecryptPaddings.map((each) => [defaultEngine, each] as const),
  [webEngine, 'oaep-sha384'] as const,
  [pkcs1Engine('implicit'), 'pkcs1'] as const,
  [pkcs1Engine('explicit'), 'pkcs1'] as const,
]) {
  keyringConformance(runner, {
    name: `rawRsa with ${padding} on the ${engine.name} engine`,
    bindsContext: false,
    detectsTampering: padding !== 'pkcs1',
    make: () => ({
      keyring: rawRsa({ namespace, name: 'key', padding, engine, ...pairs[0] }),
      sibling: rawRsa({ namespace, name: 'key', padding, engine, ...pairs[1] }),
      secrets: der,
    }),
  })
}

const aes = (name: string, from: number) => rawAes({ namespace, name, key: countingKey(32, from) })
const rsa = (index: 0 | 1) => rawRsa({ namespace, name: 'rsa', padding: 'oaep-sha256', ...pairs[index] })

const shapes = {
  'a generator alone': (from: number) => multi({ generator: aes('a', from) }),
  'a generator and children of one kind': (from: number) =>
    multi({ generator: aes('a', from), children: [aes('b', from + 50), aes('c', from + 70)] }),
  'a nested generator and nested children': (from: number) =>
    multi({
      generator: multi({ generator: aes('a', from), children: [aes('b', from + 50)] }),
      children: [multi({ children: [aes('c', from + 70), aes('d', from + 90)] })],
    }),
}
for (const [shape, make] of Object.entries(shapes)) {
  keyringConformance(runner, {
    name: `multi of ${shape}`,
    bindsContext: true,
    wrapsGiven: false,
    make: () => ({ keyring: make(1), sibling: make(21), secrets: [countingKey(32, 1), countingKey(32, 21)] }),
  })
}

keyringConformance(runner, {
  name: 'multi of RSA and AES',
  bindsContext: false,
  wrapsGiven: false,
  make: () => ({
    keyring: multi({ generator: rsa(0), children: [aes('a', 1)] }),
    sibling: multi({ generator: rsa(1), children: [aes('a', 21)] }),
    secrets: [...der, countingKey(32, 1), countingKey(32, 21)],
  }),
})

keyringConformance(runner, {
  name: 'multi of children alone',
  bindsContext: true,
  generates: false,
  make: () => ({
    keyring: multi({ children: [aes('a', 1), aes('b', 2)] }),
    sibling: multi({ children: [aes('a', 21), aes('b', 22)] }),
  }),
})

keyringConformance(runner, {
  name: 'rawRsa with a private key alone',
  bindsContext: false,
  generates: false,
  wrapsGiven: false,
  make: () => ({
    keyring: rawRsa({ namespace, name: 'key', padding: 'oaep-sha256', privateKey: pairs[0].privateKey }),
    writer: rawRsa({ namespace, name: 'key', padding: 'oaep-sha256', publicKey: pairs[0].publicKey }),
    sibling: rawRsa({ namespace, name: 'key', padding: 'oaep-sha256', publicKey: pairs[1].publicKey }),
    secrets: der,
  }),
})
