/**
 * Writes the committed vectors anew: `node --import tsx --conditions=@bongtu/source test-vectors/generate.ts`.
 *
 * Everything is the same in every run but ECDSA signatures and RSA ciphertexts. What is committed is the truth: a reader that
 * no longer agrees with it is wrong, and so is a generator.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { acceptGroups } from './generate/accept.ts'
import { vectorKeys } from './generate/keys.ts'
import { footer, structure, tampering, truncation } from './generate/reject-body.ts'
import { contextForm, header, limits, publicKeys } from './generate/reject-header.ts'
import { contexts, inputs, keys as keyRefusals, policies } from './generate/reject-reader.ts'
import { acceptVector, rejectVector } from './generate/vectors.ts'
import type { VectorGroup } from './vector.ts'

const rejectGroups = [
  header,
  contextForm,
  publicKeys,
  limits,
  structure,
  tampering,
  footer,
  truncation,
  keyRefusals,
  contexts,
  policies,
  inputs,
]

const keys = vectorKeys()

function store(kind: 'accept' | 'reject', file: string, group: VectorGroup<{ readonly name: string }>): void {
  const names = group.vectors.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`${kind}/${file}: there are two vectors ${twice}`)
  // A line for each vector: a change shows as the vectors that it changes.
  const lines = group.vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(',\n')
  const text = `{\n "about": ${JSON.stringify(group.about)},\n "vectors": [\n${lines}\n ]\n}\n`
  writeFileSync(new URL(`./vectors/${kind}/${file}.json`, import.meta.url), text)
}

for (const kind of ['accept', 'reject'] as const) {
  const folder = new URL(`./vectors/${kind}/`, import.meta.url)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
}
for (const { file, about, readings } of acceptGroups) {
  store('accept', file, { about, vectors: readings.map((reading) => acceptVector(reading, keys)) })
}
for (const { file, about, readings } of rejectGroups) {
  store('reject', file, { about, vectors: readings.map((refusal) => rejectVector(refusal, keys)) })
}
