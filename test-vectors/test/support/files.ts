import { readdirSync, readFileSync } from 'node:fs'
import type { VectorGroup, VectorKeys } from '../../vector.ts'

const folder = new URL('../../vectors/', import.meta.url)

const readJson = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

export const keys: VectorKeys = readJson('keys.json')

/** The groups of a kind, by the names of their files. */
export function groups<V>(kind: 'accept' | 'reject'): readonly (readonly [file: string, group: VectorGroup<V>])[] {
  const files = readdirSync(new URL(`${kind}/`, folder)).sort()
  return files.map((file) => [file.replace(/\.json$/, ''), readJson(`${kind}/${file}`)])
}
