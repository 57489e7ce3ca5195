import { readFile } from 'node:fs/promises'
import { parseSeed, type Seed } from '@bongtu/kms'
import { usage } from '../../failure.ts'

/** The seed in a file. Throws a usage failure for one that is not valid. */
export async function seedOf(path: string): Promise<Seed> {
  const text = await readFile(path, 'utf8')
  try {
    return await parseSeed(text)
  } catch (error) {
    throw error instanceof TypeError ? usage(`${path}: ${error.message}`, error) : error
  }
}
