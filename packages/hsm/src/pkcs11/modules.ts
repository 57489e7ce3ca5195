import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { TokenError } from '../token-error.ts'
import { createBackoff } from './backoff.ts'
import { type Binding, loadBinding } from './binding.ts'
import { CKF_OS_LOCKING_OK } from './constants.ts'
import { createPinGate, type PinGate } from './pin-gate.ts'
import { isReturn, type Loss, returnValue } from './return-values.ts'
import type { SharedTokens } from './shared-token.ts'
import { type Turns, turns } from './turns.ts'

/** A PKCS#11 module as this process has it: one, however many tokens and keyrings use it. */
export interface Module {
  readonly binding: Binding
  /** The PINs that tokens refused in this thread. */
  readonly pinGate: PinGate
  /** Every call takes one. */
  readonly turns: Turns
  /** Counts C_Initialize. Handles of an earlier generation mean nothing in this one, or something else. */
  generation(): number
  /**
   * Initializes the module again: at once where other code finalized it; with C_Finalize before, and with growing pauses,
   * where it does not see a token that may be back. Answers whether the module is another than in the generation `seen`, so
   * that looking for the token again may help. Not to be called within a turn.
   */
  revive(loss: Loss, seen: number): Promise<boolean>
  /** The tokens that are in use here. */
  readonly sharedTokens: SharedTokens
  /** A token was found. */
  found(): void
  /** Whether any token was ever found. */
  everFound(): boolean
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
 * A module is finalized only where it no longer sees one of its tokens, and only where it was initialized here: that ends
 * the sessions of everybody in the process who uses the same library. Else the end of the process does it. `now` is a clock
 * in milliseconds that never goes back.
 */
export function createModules(
  load: () => Promise<Binding>,
  now: () => number = () => performance.now(),
): (location: ModuleLocation) => Promise<Module> {
  const open = new Map<string, Opened>()
  // Of the process: a library that has two names is one library, and its tokens count every wrong PIN.
  const pinGate = createPinGate()
  return async (location) => {
    const { path, libraryParameters } = location
    if (!isAbsolute(path)) {
      throw new TypeError(
        `the path of a PKCS#11 module must be absolute, so that the system does not search for it; got ${path}`,
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
    const module = openModule(location, load, pinGate, now)
    open.set(path, { module, libraryParameters })
    module.catch(() => open.delete(path))
    return module
  }
}

export const openSharedModule: (location: ModuleLocation) => Promise<Module> = createModules(loadBinding)

async function openModule(
  location: ModuleLocation,
  load: () => Promise<Binding>,
  pinGate: PinGate,
  now: () => number,
): Promise<Module> {
  const binding = await load()
  await requireFile(location.path)
  try {
    binding.load(location.path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TokenError('noModule', `${location.path} cannot be loaded as a PKCS#11 module: ${why}`, { cause })
  }
  let isOurs = initialize(binding, location)
  let generation = 1
  /** Whether C_Initialize failed after a C_Finalize of ours. */
  let isDown = false
  let wasFound = false
  let reviving: Promise<boolean> | null = null
  const pauses = createBackoff(now)
  const queue = turns()
  const sharedTokens: SharedTokens = new Map()

  const start = (): boolean => {
    generation++
    sharedTokens.clear()
    try {
      isOurs = initialize(binding, location)
      isDown = false
    } catch {
      isDown = true
    }
    return !isDown
  }
  const reload = async (): Promise<boolean> => {
    if (!isOurs || !pauses.isDue()) return false
    return queue.alone(async () => {
      if (!isDown) finalize(binding)
      return start()
    })
  }
  return {
    binding,
    pinGate,
    turns: queue,
    sharedTokens,
    generation: () => generation,
    async revive(loss, seen) {
      if (seen !== generation) return true
      // Alone, for the handles of calls under way may soon be those of other sessions.
      const again = (): Promise<boolean> => (loss === 'module' && !isDown ? queue.alone(async () => start()) : reload())
      reviving ??= again().finally(() => {
        reviving = null
      })
      return reviving
    },
    found() {
      wasFound = true
      pauses.reset()
    },
    everFound: () => wasFound,
  }
}

/** To load a pipe is to wait, with the whole process, for a program that writes to it. */
async function requireFile(path: string): Promise<void> {
  const status = await stat(path).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TokenError('noModule', `${path} cannot be loaded as a PKCS#11 module: ${why}`, { cause })
  })
  if (!status.isFile()) throw new TokenError('noModule', `a PKCS#11 module must be a regular file, and ${path} is not`)
}

/** Answers whether this call did it. */
function initialize(binding: Binding, { path, libraryParameters }: ModuleLocation): boolean {
  try {
    // Without the flag, SoftHSM2 does not lock and crashes the process as soon as sessions work at the same time.
    binding.C_Initialize({ flags: CKF_OS_LOCKING_OK, ...nssParameters(libraryParameters) })
    return true
  } catch (error) {
    // By another thread or library of this process: they share it.
    if (isReturn(error, 'CKR_CRYPTOKI_ALREADY_INITIALIZED')) return false
    const why = returnValue(error) ?? String(error)
    throw new TokenError('noModule', `${path} cannot be initialized (${why}); its configuration may be wrong`, {
      cause: error,
    })
  }
}

function finalize(binding: Binding): void {
  try {
    binding.C_Finalize()
  } catch {
    // Whether the module can be used again, C_Initialize tells.
  }
}

/** pkcs11js 2.1.7 drops the last byte, so that one more is put behind the parameters. */
const nssParameters = (parameters: string | undefined): { readonly libraryParameters?: string } =>
  parameters === undefined ? {} : { libraryParameters: `${parameters} ` }
