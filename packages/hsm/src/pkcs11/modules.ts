import { isAbsolute } from 'node:path'
import { TokenError } from '../token-error.ts'
import { type Binding, loadBinding } from './binding.ts'
import { CKF_OS_LOCKING_OK } from './constants.ts'
import { createPinGate, type PinGate } from './pin-gate.ts'
import { isReturn, tokenError } from './return-values.ts'

/** A PKCS#11 module as this process has it: one, however many tokens and keyrings use it. */
export interface Module {
  readonly binding: Binding
  /** The PINs that its tokens refused in this process. */
  readonly pinGate: PinGate
  /** Does what writes to tokens, one at a time: SoftHSM2 fails now and then where two sessions make objects at once. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Again, after somebody else finalized it. */
  initialize(): void
}

export interface ModuleLocation {
  /** The absolute path of the shared library. Loading it runs its code: it comes from the user, never from data. */
  readonly path: string
  /** What NSS's softoken takes in place of a configuration file. */
  readonly libraryParameters?: string
}

/**
 * Modules are never finalized: that would end the sessions of everybody in the process who uses the same library. The end
 * of the process does it.
 */
export function createModules(load: () => Promise<Binding>): (location: ModuleLocation) => Promise<Module> {
  const open = new Map<string, Promise<Module>>()
  return async (location) => {
    const { path } = location
    if (!isAbsolute(path)) {
      throw new TypeError(
        `the path of a PKCS#11 module is absolute, so that the system does not search for it: ${path}`,
      )
    }
    const known = open.get(path)
    if (known !== undefined) return known
    const fresh = openModule(location, load)
    open.set(path, fresh)
    fresh.catch(() => open.delete(path))
    return fresh
  }
}

export const openSharedModule: (location: ModuleLocation) => Promise<Module> = createModules(loadBinding)

async function openModule({ path, libraryParameters }: ModuleLocation, load: () => Promise<Binding>): Promise<Module> {
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
      if (!isReturn(error, 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) throw tokenError(error, `initializing ${path}`)
    }
  }
  initialize()
  return { binding, pinGate: createPinGate(), alone: oneAtATime(), initialize }
}

function oneAtATime(): Module['alone'] {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work)
    last = next.catch(() => undefined)
    return next
  }
}

/** pkcs11js 2.1.7 drops the last byte, so that one more stands there. */
const nssParameters = (parameters: string | undefined): { readonly libraryParameters?: string } =>
  parameters === undefined ? {} : { libraryParameters: `${parameters} ` }
