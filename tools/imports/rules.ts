/** What each package may import: the walls of the workspace, as data. Node's modules and globals count as a dependency too. */

/** `'everywhere'`, or the places in the package (a file, or a folder ending in `/`) that may name Node's modules and globals. */
export type NodePlaces = 'everywhere' | readonly string[]

export interface PackageRule {
  /** The workspace packages it may import. */
  readonly packages: readonly string[]
  /** The npm packages it may import; `@scope/*` and `@scope/prefix-*` match by prefix. */
  readonly npm: readonly string[]
  readonly node: NodePlaces
}

const sdk = ['@bongtu/client', '@bongtu/crypto', '@bongtu/data-key-cache', '@bongtu/keyrings', '@bongtu/message-format']

export const packageRules: Readonly<Record<string, PackageRule>> = {
  '@bongtu/message-format': { packages: [], npm: [], node: [] },
  '@bongtu/crypto': { packages: [], npm: ['@noble/*'], node: ['src/engines/node/', 'src/node.ts'] },
  '@bongtu/client': {
    packages: ['@bongtu/message-format', '@bongtu/crypto'],
    npm: [],
    node: ['src/node.ts', 'src/node-', 'src/file-source.ts'],
  },
  '@bongtu/data-key-cache': {
    packages: ['@bongtu/client', '@bongtu/crypto'],
    npm: ['lru-cache'],
    node: ['src/diagnostics/node.ts'],
  },
  '@bongtu/keyrings': {
    packages: ['@bongtu/client', '@bongtu/crypto', '@bongtu/message-format'],
    npm: ['@aws-sdk/client-*'],
    node: ['src/aws-kms/client/platform/node.ts'],
  },
  '@bongtu/hsm': {
    packages: ['@bongtu/client', '@bongtu/crypto', '@bongtu/keyrings'],
    npm: ['pkcs11js'],
    node: 'everywhere',
  },
  '@bongtu/kms': { packages: ['@bongtu/crypto'], npm: ['libsql', 'pg', 'pino', 'yaml'], node: 'everywhere' },
  '@bongtu/cli': {
    packages: ['bongtu', ...sdk, '@bongtu/hsm', '@bongtu/kms'],
    npm: ['@aws-sdk/client-*', 'commander', 'fflate'],
    node: 'everywhere',
  },
  bongtu: { packages: sdk, npm: [], node: ['src/node.ts'] },
}

/** A folder whose files are reached from outside only through its doors. */
export interface Boundary {
  readonly folder: string
  readonly doors: readonly string[]
  readonly because: string
}

export const boundaries: readonly Boundary[] = [
  {
    folder: 'packages/kms/src/hsm/',
    doors: ['packages/kms/src/hsm/port.ts', 'packages/kms/src/hsm/factory.ts'],
    because: 'only the HSM sees a backing key in clear, and it is reached by commands alone',
  },
]

/** Modules and globals that only the crypto package may name; everyone else asks its engine. */
export const cryptoPackage = '@bongtu/crypto'
export const cryptoModules: readonly string[] = ['node:crypto', 'crypto']
export const cryptoGlobals: readonly string[] = ['crypto']

/** Globals that exist in Node but not in browsers and workers. */
export const nodeGlobals: readonly string[] = [
  'Buffer',
  'process',
  'require',
  '__dirname',
  '__filename',
  'global',
  'NodeJS',
]
