import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { copyCheckout, run, temporaryFolder } from './checkout.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with a copy of the repository, installed and built. */
    readonly checkout: string
  }
}

let checkout = ''

/** Makes a copy of the repository as a fresh clone would be, installs and builds it, for all tests of this run. */
export async function setup(project: TestProject): Promise<void> {
  checkout = await temporaryFolder('checkout')
  await copyCheckout(checkout)
  await run(checkout, 'npm', 'ci', '--prefer-offline')
  await run(checkout, 'npm', 'run', 'build')
  project.provide('checkout', checkout)
}

export const teardown = (): Promise<void> => rm(checkout, { recursive: true, force: true })
