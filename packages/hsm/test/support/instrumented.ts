import { type Binding, loadBinding } from '../../src/pkcs11/binding.ts'

type Functions = { [Name in keyof Binding]: Binding[Name] }

/** In place of functions of a module: each is given the module as it is. */
export type Changes = {
  [Name in keyof Binding]?: (real: Binding, ...args: Parameters<Binding[Name]>) => ReturnType<Binding[Name]>
}

export interface Instrumented {
  readonly load: () => Promise<Binding>
  /** How often each function was called. */
  readonly calls: Map<string, number>
}

/** The module as it is, with its calls counted and some of its functions changed. */
export function instrumented(changes: Changes = {}): Instrumented {
  const calls = new Map<string, number>()
  const load = async (): Promise<Binding> => {
    const real = await loadBinding()
    return new Proxy(real, {
      get: (_, name) => {
        const key = name as keyof Functions
        if (typeof real[key] !== 'function') return undefined
        return (...args: never[]): unknown => {
          calls.set(key, (calls.get(key) ?? 0) + 1)
          const change = changes[key] as ((real: Binding, ...args: never[]) => unknown) | undefined
          if (change !== undefined) return change(real, ...args)
          return (real[key] as (...args: never[]) => unknown).apply(real, args)
        }
      },
    })
  }
  return { load, calls }
}

/** What a module throws through pkcs11js. */
export const ckr = (name: string): Error => new Error(`CKR_${name}`)
