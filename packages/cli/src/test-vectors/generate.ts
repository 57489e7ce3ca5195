import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encrypt, type Keyring } from '@bongtu/client'
import type { RsaPadding } from '@bongtu/crypto'
import { awsKms } from '@bongtu/keyrings/aws-kms'
import { multi } from '@bongtu/keyrings/multi'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { type AlgorithmSuite, suiteHex } from '@bongtu/message-format'
import type { KeyKind, KmsMasterKey, VectorPlan } from './plan.ts'
import type { SeededKms } from './seeded-kms.ts'

/** The keys that vectors are made with. */
export interface GeneratorKeys {
  readonly aes: Readonly<Record<128 | 192 | 256, Uint8Array>>
  readonly rsa: { readonly bits: number; readonly publicPem: string; readonly privatePem: string }
  readonly kms: SeededKms | null
}

const PROVIDER = 'bongtu-test-vectors'
const CIPHERTEXTS = 'ciphertexts'
const PLAINTEXTS = 'plaintexts'
/** Version 2 is what every AWS implementation reads; the header holds the whole context, so that nothing more is needed. */
const DECRYPT_MANIFEST = { type: 'awses-decrypt', version: 2 }
const KEYS_MANIFEST = { type: 'keys', version: 3 }

/** Writes the vectors of a plan into an empty folder. Rejects with the signal's reason where that aborts. */
export async function writeVectors(
  folder: string,
  plan: VectorPlan,
  keys: GeneratorKeys,
  client: { readonly name: string; readonly version: string },
  signal: AbortSignal,
): Promise<number> {
  await mkdir(join(folder, CIPHERTEXTS))
  await mkdir(join(folder, PLAINTEXTS))
  const tests: Record<string, object> = {}
  const sizes = new Set<number>()
  const keyrings = new Map(Object.entries(plan.keyKinds).map(([name, kinds]) => [name, keyringOf(kinds, keys)]))
  for (const vector of vectorsOf(plan)) {
    signal.throwIfAborted()
    const { suite, frameLength, size, context, kind } = vector
    const keyring = keyrings.get(kind)
    if (keyring === undefined) continue
    const id = `${suiteHex(suite.id)}-frame_${frameLength}-size_${size}-context_${context}-key_${kind}`
    const { ciphertext } = await encrypt(plaintextOf(size), {
      keyring,
      algorithmSuite: suite.id,
      commitmentPolicy: suite.committing ? 'require-encrypt-allow-decrypt' : 'forbid-encrypt-allow-decrypt',
      encryptionContext: plan.contexts[context] ?? {},
      frameLength,
      signal,
    })
    await writeFile(join(folder, CIPHERTEXTS, id), ciphertext)
    sizes.add(size)
    tests[id] = {
      ciphertext: `file://${CIPHERTEXTS}/${id}`,
      'master-keys': (plan.keyKinds[kind] ?? []).map((each) => masterKey(each, keys)),
      result: { output: { plaintext: `file://${PLAINTEXTS}/${size}` } },
    }
  }
  for (const size of sizes) await writeFile(join(folder, PLAINTEXTS, String(size)), plaintextOf(size))
  await writeJson(join(folder, 'keys.json'), { manifest: KEYS_MANIFEST, keys: keyEntries(keys) })
  await writeJson(join(folder, 'manifest.json'), {
    manifest: DECRYPT_MANIFEST,
    client,
    keys: 'file://keys.json',
    tests,
  })
  return Object.keys(tests).length
}

interface Vector {
  readonly suite: AlgorithmSuite
  readonly frameLength: number
  readonly size: number
  readonly context: string
  readonly kind: string
}

function* vectorsOf({ suites, frameLengths, sizes, contexts, keyKinds }: VectorPlan): Generator<Vector> {
  for (const suite of suites) {
    for (const frameLength of frameLengths) {
      for (const size of sizes(frameLength)) {
        for (const context of Object.keys(contexts)) {
          for (const kind of Object.keys(keyKinds)) yield { suite, frameLength, size, context, kind }
        }
      }
    }
  }
}

/** Bytes in which a shift, a swap or a repetition shows. */
function plaintextOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) * 7) & 0xff)
}

function keyringOf(kinds: readonly KeyKind[], keys: GeneratorKeys): Keyring {
  const [generator, ...children] = kinds.map((kind) => keyringOfOne(kind, keys))
  if (generator === undefined) throw new RangeError('a kind of key has one key at least')
  return children.length === 0 ? generator : multi({ generator, children })
}

function keyringOfOne(kind: KeyKind, { aes, rsa, kms }: GeneratorKeys): Keyring {
  if (kind.type === 'kms') {
    if (kms === null) throw new RangeError('a plan with keys of AWS KMS needs a KMS')
    return awsKms({ keyId: kind.wraps, kms: kms.as(kind.wraps) })
  }
  const name = keyNames(rsa.bits)[kind.type](kind)
  if (kind.type === 'aes') return rawAes({ namespace: PROVIDER, name, key: aes[kind.bits] })
  const padding: RsaPadding = kind.hash === undefined ? 'pkcs1' : `oaep-${kind.hash}`
  return rawRsa({ namespace: PROVIDER, name, padding, publicKey: rsa.publicPem })
}

function masterKey(kind: KeyKind, { rsa }: GeneratorKeys): object {
  if (kind.type === 'kms') return kmsMasterKey(kind.opens)
  const common = {
    type: 'raw',
    key: keyNames(rsa.bits)[kind.type](kind),
    'provider-id': PROVIDER,
    'encryption-algorithm': kind.type,
  }
  if (kind.type === 'aes') return common
  const hash = kind.hash === undefined ? {} : { 'padding-hash': kind.hash }
  return { ...common, 'padding-algorithm': kind.padding, ...hash }
}

/** A key of AWS KMS is called in the manifest by its ARN. */
function kmsMasterKey(opens: KmsMasterKey): object {
  if ('arn' in opens) return { type: opens.type, key: opens.arn }
  const { type, region, account, partition } = opens
  return {
    type,
    'default-mrk-region': region,
    'aws-kms-discovery-filter': { partition, 'account-ids': [account] },
  }
}

const aesName = (bits: number): string => `aes-${bits}`
const rsaName = (bits: number, half: 'private' | 'public'): string => `rsa-${bits}-${half}`

/** A key is called in messages as it is called in the manifest. */
const keyNames = (rsaBits: number): Readonly<Record<'aes' | 'rsa', (kind: KeyKind) => string>> => ({
  aes: (kind) => aesName('bits' in kind ? kind.bits : 0),
  rsa: () => rsaName(rsaBits, 'private'),
})

function keyEntries({ aes, rsa, kms }: GeneratorKeys): Record<string, object> {
  const entries: Record<string, object> = {}
  for (const arn of kms?.keys.flat() ?? []) {
    entries[arn] = { encrypt: true, decrypt: true, type: 'aws-kms', 'key-id': arn }
  }
  for (const [bits, key] of Object.entries(aes)) {
    const name = aesName(Number(bits))
    entries[name] = {
      encrypt: true,
      decrypt: true,
      algorithm: 'aes',
      type: 'symmetric',
      bits: Number(bits),
      encoding: 'base64',
      material: Buffer.from(key).toString('base64'),
      'key-id': name,
    }
  }
  for (const half of ['private', 'public'] as const) {
    entries[rsaName(rsa.bits, half)] = {
      encrypt: true,
      decrypt: half === 'private',
      algorithm: 'rsa',
      type: half,
      bits: rsa.bits,
      encoding: 'pem',
      material: half === 'private' ? rsa.privatePem : rsa.publicPem,
      // One pair, one name: it is the private key that opens.
      'key-id': rsaName(rsa.bits, 'private'),
    }
  }
  return entries
}

const writeJson = (path: string, value: object): Promise<void> => writeFile(path, `${JSON.stringify(value, null, 1)}\n`)
