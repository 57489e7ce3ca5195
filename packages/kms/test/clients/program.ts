import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { type KmsServer, type ServerOptions, startServer } from '../../src/index.ts'
import type { Seed } from '../../src/seed/seed.ts'

export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }

interface Setting {
  readonly tls?: NonNullable<ServerOptions['tls']>
  readonly keys?: NonNullable<Seed['keys']>
}

/** A server that checks signatures, for clients that run as programs. */
export async function checkingServer({ tls, keys = [] }: Setting = {}): Promise<KmsServer> {
  const seed = { credentials: [{ ...credentials }], keys }
  const options = tls === undefined ? {} : { tls }
  const server = await startServer({ place: { memory: true }, port: 0, seed, logLevel: 'silent', ...options })
  onTestFinished(() => server.close())
  return server
}

/** The program that Debian's package installs, before any other of its name. */
export function programOf(name: string, debianPackage: string): string {
  const program = `/usr/bin/${name}`
  if (existsSync(program)) return program
  throw new Error(`${program} is missing: apt-get install -y ${debianPackage}`)
}

export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with the credentials of `checkingServer` in its environment, and no file of the user's. */
export function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    ...env,
  }
  return new Promise((resolve) => {
    execFile(program, args, { env: environment, maxBuffer: 16_777_216 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
    })
  })
}
