export { engine as nobleEngine } from './engines/noble/index.ts'
