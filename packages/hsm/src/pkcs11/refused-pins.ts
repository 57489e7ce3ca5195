import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256Hex } from '@bongtu/crypto/node'
import type { PinOwner } from './pin-flags.ts'

/**
 * Remembers beyond this process which tokens refused a PIN and do not tell it themselves, so that no program that is started
 * again and again locks one. It holds nothing of the PIN: a PIN is short, and could be guessed from any digest of it.
 */
export interface RefusedPins {
  has(token: string, owner: PinOwner): Promise<boolean>
  remember(token: string, owner: PinOwner): Promise<void>
  forget(token: string, owner: PinOwner): Promise<void>
}

/** In a folder, which is made with the first refusal: a file for each token and owner of a PIN. */
export function refusedPinsIn(folder: string): RefusedPins {
  const place = (token: string, owner: PinOwner): string => join(folder, `${sha256Hex(`${owner}\0${token}`)}.json`)
  return {
    has: (token, owner) => stat(place(token, owner)).then(() => true, unlessAbsent),
    async remember(token, owner) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const text = JSON.stringify({ token, owner, refusedAt: new Date().toISOString() })
      await writeFile(place(token, owner), `${text}\n`, { mode: 0o600 })
    },
    forget: (token, owner) => rm(place(token, owner), { force: true }),
  }
}

function unlessAbsent(error: NodeJS.ErrnoException): false {
  if (error.code === 'ENOENT') return false
  throw error
}
