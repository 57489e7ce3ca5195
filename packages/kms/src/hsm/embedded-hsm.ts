import * as commands from './commands.ts'
import { HsmError } from './errors.ts'
import { createImportParameters } from './import-token.ts'
import { emptyDomain } from './installed-domain.ts'
import { exportBackingKey } from './key-token.ts'
import type {
  CommandAnswer,
  CommandName,
  CommandParameters,
  DomainToken,
  ExportedBackingKey,
  Hsm,
  KeyName,
  KeySpec,
} from './port.ts'
import type { RootKey } from './root-key/root-key.ts'

export interface EmbeddedHsmOptions {
  readonly rootKey: RootKey
  /** The HSM's clock: milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The HSM of this process. It is a module, not hardware: whoever can read the memory of the process can read the domain
 * keys, which stay in it for as long as the domain is installed.
 */
export interface EmbeddedHsm extends Hsm {
  /**
   * A token for material that is known outside already: fixed material of a declarative seed, and the known key that tests
   * look for. It is no command, so no session can carry it. The caller zeroes `material`.
   */
  plant(key: KeyName, spec: KeySpec, material: Uint8Array): ExportedBackingKey
  /** The domain of a token sealed under another root key, so that a backup opens without this one. Changes nothing. */
  resealDomain(domain: Uint8Array, rootKey: RootKey): Promise<DomainToken>
}

type Handlers = {
  readonly [C in CommandName]: (p: CommandParameters<C>) => CommandAnswer<C> | Promise<CommandAnswer<C>>
}

/** A fresh HSM. It can do nothing with keys of customers until a domain is installed. */
export function createHsm({ rootKey, now }: EmbeddedHsmOptions): EmbeddedHsm {
  const domain = emptyDomain(rootKey, now)
  const handlers: Handlers = {
    createDomain: domain.create,
    rotateDomainKey: domain.rotate,
    installDomain: (p) => domain.install(p.domain),
    domainStatus: domain.status,
    rewrapTokens: domain.rewrap,
    createBackingKey: (p) => commands.createBackingKey(domain.keys(), p),
    createImportParameters: (p) => createImportParameters(domain.keys, p, now),
    importKeyMaterial: (p) => commands.importKeyMaterial(domain.keys(), p, now()),
    encrypt: (p) => commands.encrypt(domain.keys(), p),
    decrypt: (p) => commands.decrypt(domain.keys(), p),
    reEncrypt: (p) => commands.reEncrypt(domain.keys(), p),
    generateDataKey: (p) => commands.generateDataKey(domain.keys(), p),
    generateDataKeyWithoutPlaintext: (p) => commands.generateDataKeyWithoutPlaintext(domain.keys(), p),
    generateRandom: commands.generateRandom,
  }
  return {
    async execute(command, parameters) {
      if (!Object.hasOwn(handlers, command)) {
        throw new HsmError('invalidParameter', `unknown command: ${JSON.stringify(command)}`)
      }
      return handlers[command](parameters)
    },
    plant: (key, spec, material) => exportBackingKey(domain.keys(), key, spec, material),
    resealDomain: domain.reseal,
  }
}
