import { isAbsolute } from 'node:path'
import { TokenError } from '../token-error.ts'
import { type Binding, loadBinding } from './binding.ts'
import { CKF_OS_LOCKING_OK } from './constants.ts'
import { createPinGate, type PinGate } from './pin-gate.ts'
import { isReturn, returnValue } from './return-values.ts'
import { type Turns, turns } from './turns.ts'

/** A PKCS#11 module as this process has it: one, however many tokens and keyrings use it. */
export interface Module {
  readonly binding: Binding
  /** The PINs that tokens refused in this thread. */
  readonly pinGate: PinGate
  /** Every call takes one. */
  readonly turns: Turns
  /** Again, after somebody else finalized it. */
  initialize(): void
}

export interface ModuleLocation {
  /** The absolute path of the shared library. Loading it runs its code: it comes from the user, never from data. */
  readonly path: string
  /** What NSS's softoken takes in place of a configuration file. */
  readonly libraryParameters?: string
}

interface Opened {
  readonly module: Promise<Module>
  readonly libraryParameters: string | undefined
}

/**
 * Modules are never finalized: that would end the sessions of everybody in the process who uses the same library. The end
 * of the process does it.
 */
export function createModules(load: () => Promise<Binding>): (location: ModuleLocation) => Promise<Module> {
  const open = new Map<string, Opened>()
  // Of the process: a library that has two names is one library, and its tokens count every wrong PIN.
  const pinGate = createPinGate()
  return async (location) => {
    const { path, libraryParameters } = location
    if (!isAbsolute(path)) {
      throw new TypeError(
        `the path of a PKCS#11 module is absolute, so that the system does not search for it: ${path}`,
      )
    }
    const known = open.get(path)
    if (known !== undefined) {
      if (libraryParameters === undefined || libraryParameters === known.libraryParameters) return known.module
      throw new TokenError(
        'noModule',
        `${path} was initialized with other parameters: a process has one of each module, and so one set of its tokens`,
      )
    }
    const module = openModule(location, load, pinGate)
    open.set(path, { module, libraryParameters })
    module.catch(() => open.delete(path))
    return module
  }
}

export const openSharedModule: (location: ModuleLocation) => Promise<Module> = createModules(loadBinding)

async function openModule(
  { path, libraryParameters }: ModuleLocation,
  load: () => Promise<Binding>,
  pinGate: PinGate,
): Promise<Module> {
  const binding = await load()
  try {
    binding.load(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TokenError('noModule', `${path} cannot be loaded as a PKCS#11 module: ${why}`, { cause })
  }
  const initialize = (): void => {
    try {
      // Without the flag, SoftHSM2 does not lock and crashes the process as soon as sessions work at the same time.
      binding.C_Initialize({ flags: CKF_OS_LOCKING_OK, ...nssParameters(libraryParameters) })
    } catch (error) {
      // By another thread or library of this process: they share it.
      if (isReturn(error, 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) return
      const why = returnValue(error) ?? String(error)
      throw new TokenError('noModule', `${path} cannot be initialized (${why}); its configuration may be wrong`, {
        cause: error,
      })
    }
  }
  initialize()
  return { binding, pinGate, turns: turns(), initialize }
}

/** pkcs11js 2.1.7 drops the last byte, so that one more stands there. */
const nssParameters = (parameters: string | undefined): { readonly libraryParameters?: string } =>
  parameters === undefined ? {} : { libraryParameters: `${parameters} ` }
