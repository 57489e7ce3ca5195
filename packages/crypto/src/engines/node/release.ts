import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Above this the allocator maps and unmaps each block anew, which costs more than leaving it to the collector. */
const MOST = 256 * 1024

type Transfer = (this: ArrayBuffer, length: number) => ArrayBuffer

const { transfer } = ArrayBuffer.prototype as { transfer?: Transfer }
/** Below this the call costs more than it saves. */
const LEAST = 4 * 1024

/**
 * Gives the memory of a cipher's output back at once, after it has been copied to where it belongs.
 *
 * A cipher cannot write into a given array: each call makes a new one, and left to the collector they pile up, so that each
 * lands on memory that is not in the cache or not even mapped. Freed at once, the next call gets the same warm block: frames
 * of 64 KiB take half the time, or less. It also leaves no plaintext behind for the collector.
 */
export function release(output: Uint8Array): void {
  const { buffer, byteLength } = output
  // Memory that the platform shares between several arrays is not ours to free.
  if (byteLength < LEAST || byteLength > MOST || buffer.byteLength !== byteLength) return
  if (!(buffer instanceof ArrayBuffer)) return
  if (transfer === undefined) nowhere().postMessage(null, [buffer])
  else transfer.call(buffer, 0)
}

let port: MessagePort | undefined

/** Before ArrayBuffer had `transfer`: a closed port takes what is transferred to it, and drops it (HTML §9.4.4). */
function nowhere(): MessagePort {
  if (port === undefined) {
    const { port1, port2 } = new MessageChannel()
    port1.close()
    port2.close()
    port = port1
  }
  return port
}
