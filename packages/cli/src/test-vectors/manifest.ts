import { posix } from 'node:path'
import { refused } from '../failure.ts'
import type { Archive } from './archive.ts'
import type { VectorCase } from './case.ts'
import { keysOf, keysOfAll } from './case-keys.ts'
import { array, isObject, type JsonObject, object, pairs, parseObject, text } from './json.ts'
import { keyTable, type VectorKeys } from './keys.ts'
import type { SeededKms } from './seeded-kms.ts'

/** What the reader of one version of the manifest needs to know. */
interface Place {
  readonly archive: Archive
  readonly keys: VectorKeys
  /** The path within the archive of what a `file://` URI names. */
  readonly pathOf: (uri: unknown, where: string) => string
}

type CaseReader = (id: string, test: JsonObject, place: Place) => VectorCase

/** How each version of `awses-decrypt` writes down a case. */
const readers: Readonly<Record<number, CaseReader>> = {
  1: caseOfVersion1,
  2: caseOfVersions2To4,
  3: caseOfVersions2To4,
  4: caseOfVersions2To4,
  5: caseOfVersion5,
}

export const isDecryptManifest = (json: JsonObject): boolean =>
  isObject(json.manifest) && json.manifest.type === 'awses-decrypt'

/** The cases of an `awses-decrypt` manifest. `keys` stands in for the keys manifest that it names, `kms` for AWS KMS. */
export async function casesOfManifest(
  archive: Archive,
  name: string,
  manifest: JsonObject,
  keys: JsonObject | null,
  kms: SeededKms | null,
): Promise<VectorCase[]> {
  const { version } = object(manifest.manifest, `${name}: manifest`)
  const reader = typeof version === 'number' && Object.hasOwn(readers, version) ? readers[version] : undefined
  if (reader === undefined)
    throw refused(`${name}: version ${String(version)} of awses-decrypt is not known; 1 to 5 are`)
  const pathOf = (uri: unknown, where: string): string => pathOfUri(text(uri, where), posix.dirname(name))
  const keysPath = keys === null ? pathOf(manifest.keys, `${name}: keys`) : 'the keys given'
  const table = keyTable(keysPath, keys ?? parseObject(keysPath, await archive.read(keysPath)))
  const place = { archive, keys: { table, kms }, pathOf }
  return Object.entries(object(manifest.tests, `${name}: tests`)).map(([id, test]) =>
    reader(id, object(test, `${name}: tests.${id}`), place),
  )
}

function pathOfUri(uri: string, folder: string): string {
  const path = /^file:\/\/(.+)$/.exec(uri)?.[1]
  if (path === undefined) throw refused(`${JSON.stringify(uri)} is no file:// URI`)
  return posix.join(folder, path)
}

function caseOfVersion1(id: string, test: JsonObject, place: Place): VectorCase {
  const plaintext = place.pathOf(test.plaintext, `${id}: plaintext`)
  return { ...messageOf(id, test, place), plaintext: () => place.archive.read(plaintext) }
}

function caseOfVersions2To4(id: string, test: JsonObject, place: Place): VectorCase {
  return { ...messageOf(id, test, place), plaintext: expectedOf(id, test, place) }
}

function messageOf(id: string, test: JsonObject, { archive, keys, pathOf }: Place): Omit<VectorCase, 'plaintext'> {
  const ciphertext = pathOf(test.ciphertext, `${id}: ciphertext`)
  const masterKeys = array(test['master-keys'], `${id}: master-keys`)
  const method = test['decryption-method']
  if (method !== undefined && method !== 'streaming-unsigned-only') {
    throw refused(`${id}: decryption-method ${JSON.stringify(method)} is not known`)
  }
  return {
    id,
    ciphertext: () => archive.read(ciphertext),
    keys: () => keysOfAll(masterKeys, keys),
    encryptionContext: pairs(test['encryption-context'], `${id}: encryption-context`),
    unsignedOnly: method !== undefined,
  }
}

function expectedOf(id: string, test: JsonObject, { archive, pathOf }: Place): VectorCase['plaintext'] {
  const result = object(test.result, `${id}: result`)
  if (result.error !== undefined) return null
  const output = object(result.output, `${id}: result.output`)
  const path = pathOf(output.plaintext, `${id}: result.output.plaintext`)
  return () => archive.read(path)
}

function caseOfVersion5(id: string, test: JsonObject, { archive, keys, pathOf }: Place): VectorCase {
  const scenario = object(test['decryption-scenario'], `${id}: decryption-scenario`)
  const type = text(scenario.type, `${id}: type`)
  const ciphertext = pathOf(scenario.ciphertext, `${id}: ciphertext`)
  const description = scenario.decryptKeyDescription
  return {
    id,
    ciphertext: () => archive.read(ciphertext),
    keys: () => keysOf(description, keys),
    encryptionContext: pairs(scenario['reproduced-encryption-context'], `${id}: reproduced-encryption-context`),
    unsignedOnly: false,
    plaintext: type.startsWith('positive') ? positiveResult(id, scenario, archive, pathOf) : null,
  }
}

function positiveResult(
  id: string,
  scenario: JsonObject,
  archive: Archive,
  pathOf: Place['pathOf'],
): () => Promise<Uint8Array> {
  const path = pathOf(scenario.result, `${id}: result`)
  return () => archive.read(path)
}
