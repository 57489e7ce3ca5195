import { rmSync } from 'node:fs'
import process from 'node:process'

const paths = new Set<string>()

/** Removes what is still unfinished when the process ends without having been asked, as by a second Ctrl-C. */
function removeAll(): void {
  for (const path of paths) rmSync(path, { force: true })
}

/** Watches over a temporary file until it is renamed or removed. */
export function watchOver(path: string): void {
  if (paths.size === 0) process.once('exit', removeAll)
  paths.add(path)
}

export function stopWatching(path: string): void {
  paths.delete(path)
  if (paths.size === 0) process.removeListener('exit', removeAll)
}
