/** The cores behind all streams, for adapters to other kinds of stream. */
export { decryptCore, type Emit, encryptCore, type PushCore } from './push-core.ts'
