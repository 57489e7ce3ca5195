import { engine } from '#default-engine'
import type { Engine } from './engine.ts'

export * from './engine.ts'

/** The engine of this platform: `node` where the runtime resolves the `node` export condition, else `web`. */
export const defaultEngine: Engine = engine
