import type { Section } from '../section.ts'
import { cached } from './cached.ts'
import { hsm } from './hsm.ts'
import { kms } from './kms.ts'
import { memory } from './memory.ts'
import { messages } from './messages.ts'
import { streams } from './streams.ts'

export const sections: readonly Section[] = [streams, messages, cached, kms, hsm, memory]
