import type { Writable } from 'node:stream'

/** What keeps standard output from taking more, as an error that names it. */
export const outputError = (error: Error): Error => Object.assign(error, { path: 'standard output' })

/** Resolves when all that was written has arrived: only then may a command say that it succeeded. Rejects with why not. */
export const written = (stdout: Writable): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write('', (error) => {
      if (error) reject(outputError(stdout.errored ?? error))
      else resolve()
    })
  })
