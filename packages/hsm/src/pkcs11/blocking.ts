import type { Binding } from './binding.ts'

/** Does a call, and what belongs before and behind it. */
export type Around = <T>(call: () => T) => T

/** A process has one of each module, and its signals are the process's too. */
let around: Around = (call) => call()
let underWay = 0

/**
 * From now on, calls of PKCS#11 modules that stop the main thread until the module answers (C_Initialize, C_Login, …) go
 * through `wrap`, in the whole process. A module may take long, or never answer, and no JavaScript runs meanwhile: a program
 * that catches signals gives them back their default action around such a call.
 */
export function aroundBlockingCalls(wrap: Around): void {
  around = wrap
}

/**
 * How many calls are in modules at this moment, on threads of their own. A process does not end while there are any, not
 * even by `process.exit`.
 */
export const callsUnderWay = (): number => underWay

/** The binding, whose calls go through what `aroundBlockingCalls` was given last, and are counted. */
export function guarded(binding: Binding): Binding {
  const functions = new Map<PropertyKey, (...args: never[]) => unknown>()
  const wrapped = (name: PropertyKey, real: (...args: never[]) => unknown): ((...args: never[]) => unknown) => {
    const call = (args: never[]): unknown => real.apply(binding, args)
    if (!String(name).endsWith('Async')) return (...args) => around(() => call(args))
    return async (...args) => {
      underWay++
      try {
        return await call(args)
      } finally {
        underWay--
      }
    }
  }
  return new Proxy(binding, {
    get(target, name, receiver) {
      const real: unknown = Reflect.get(target, name, receiver)
      if (typeof real !== 'function') return real
      const known = functions.get(name) ?? wrapped(name, real as (...args: never[]) => unknown)
      functions.set(name, known)
      return known
    },
  })
}
