import { readFile } from 'node:fs/promises'
import { refused } from '../failure.ts'
import { type Archive, openArchive } from './archive.ts'
import type { VectorCase } from './case.ts'
import { casesOfCommitmentList, isCommitmentList } from './commitment.ts'
import { type JsonObject, parseObject } from './json.ts'
import { casesOfManifest, isDecryptManifest } from './manifest.ts'
import type { SeededKms } from './seeded-kms.ts'

/**
 * The test vectors of a folder, a zip archive or a JSON file: of the one manifest that it holds. `keysPath` names another
 * keys manifest than the vectors do, `kms` stands for AWS KMS. Throws a failure where there is no manifest, or more than one.
 */
export async function loadCases(
  path: string,
  keysPath: string | undefined,
  kms: SeededKms | null = null,
): Promise<VectorCase[]> {
  const keys = keysPath === undefined ? null : parseObject(keysPath, await readFile(keysPath))
  const archive = await openArchive(path)
  const [found, ...more] = await manifests(archive)
  if (found === undefined)
    throw refused(`${path}: holds no manifest of awses-decrypt, and no list of commitment vectors`)
  if (more.length > 0) {
    const names = [found, ...more].map(({ name }) => name).join(', ')
    throw refused(`${path}: holds several manifests, ${names}; name the file of one of them`)
  }
  const { name, json } = found
  return isCommitmentList(json) ? casesOfCommitmentList(name, json) : casesOfManifest(archive, name, json, keys, kms)
}

interface Manifest {
  readonly name: string
  readonly json: JsonObject
}

async function manifests(archive: Archive): Promise<Manifest[]> {
  const found: Manifest[] = []
  for (const name of archive.top) {
    const json = parseObject(name, await archive.read(name))
    if (isDecryptManifest(json) || isCommitmentList(json)) found.push({ name, json })
  }
  return found
}
