export type * from './engine.ts'
export { engine as nodeEngine } from './engines/node/index.ts'
export type * from './engines/node/sync-engine.ts'
