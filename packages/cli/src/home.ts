import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import process from 'node:process'
import type { Io } from './io.ts'

type Environment = Io['env']

/** Where the platform keeps what programs store for their user. */
const dataFolders: Readonly<Record<string, (env: Environment, user: string) => string>> = {
  darwin: (_env, user) => join(user, 'Library', 'Application Support'),
  win32: (env, user) => env.LOCALAPPDATA || join(user, 'AppData', 'Local'),
  // XDG Base Directory Specification: a relative path is not valid and is ignored.
  linux: (env, user) =>
    isAbsolute(env.XDG_DATA_HOME ?? '') ? String(env.XDG_DATA_HOME) : join(user, '.local', 'share'),
}

/** The folder of all that bongtu keeps between runs: `BONGTU_HOME`, else one of its own in the platform's data folder. */
export function homeFolder(env: Environment, platform: string = process.platform, user: string = homedir()): string {
  if (env.BONGTU_HOME) return resolve(env.BONGTU_HOME)
  const of = Object.hasOwn(dataFolders, platform) ? dataFolders[platform] : dataFolders.linux
  return join(of?.(env, user) ?? user, 'bongtu')
}

/** The data folder of the bundled KMS. */
export const kmsFolder = (env: Environment): string => join(homeFolder(env), 'kms')
