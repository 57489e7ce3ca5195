/** What other threads read and write at this moment. */
const held = new Set<readonly object[]>()

/**
 * Holds on to `objects` until `call` has settled. pkcs11js hands the memory of Buffers to another thread and holds no
 * reference to them; without one, they may be collected and their memory given to others while the module works on it.
 */
export async function keptAlive<T>(objects: readonly object[], call: () => Promise<T>): Promise<T> {
  held.add(objects)
  try {
    return await call()
  } finally {
    held.delete(objects)
  }
}
