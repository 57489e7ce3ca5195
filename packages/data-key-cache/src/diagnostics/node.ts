import { channel } from 'node:diagnostics_channel'
import type { CacheEvent } from '../statistics.ts'

const events = channel('bongtu:data-key-cache')

/** Tells subscribers of the diagnostics channel `bongtu:data-key-cache`. */
export const publish = (event: CacheEvent): void => {
  if (events.hasSubscribers) events.publish(event)
}
