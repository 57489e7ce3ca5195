import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** An environment variable; an empty one counts as not set. */
export const environment = (name: string): string | undefined => process.env[name] || undefined

/** The text of a shared AWS file (`config` or `credentials`), or `null` where there is none. */
export async function sharedFile(name: 'config' | 'credentials'): Promise<string | null> {
  const variable = name === 'config' ? 'AWS_CONFIG_FILE' : 'AWS_SHARED_CREDENTIALS_FILE'
  try {
    return await readFile(environment(variable) ?? join(homedir(), '.aws', name), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
