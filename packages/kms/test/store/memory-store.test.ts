import { memoryStore } from '../../src/store/memory-store.ts'
import { storeConformance } from './conformance.ts'

storeConformance('in memory', async () => ({ store: memoryStore(), another: async () => memoryStore() }))
