export { engine as webEngine } from './engines/web/index.ts'
