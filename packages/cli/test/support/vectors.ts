import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The vectors of other implementations, beside the repository where they are at hand. */
const folder = fileURLToPath(new URL('../../../../../shared/vectors/', import.meta.url))

export const publishedVectors = (name: string): string => `${folder}${name}`
export const haveVectors = existsSync(folder)
