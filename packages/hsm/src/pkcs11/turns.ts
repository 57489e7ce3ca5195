/**
 * Calls into a module, side by side but for those that change what a token holds. Its locks notwithstanding, SoftHSM2 fails
 * now and then, or crashes the process, where one thread makes an object while another makes or looks for one.
 */
export interface Turns {
  /** Does the work beside others, as soon as nobody is or waits to be alone. */
  together<T>(work: () => Promise<T>): Promise<T>
  /** Does the work while nobody else does any: those that began are waited for, the others wait. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

export function turns(): Turns {
  let atWork = 0
  /** Called when the last of those that work together is done. */
  let left = (): void => {}
  /** Until whoever is or waits to be alone is done. */
  let closed: Promise<void> | null = null
  return {
    async together(work) {
      while (closed !== null) await closed
      atWork++
      try {
        return await work()
      } finally {
        if (--atWork === 0) left()
      }
    },
    async alone(work) {
      while (closed !== null) await closed
      let open = (): void => {}
      closed = new Promise((resolve) => {
        open = resolve
      })
      try {
        if (atWork > 0) {
          await new Promise<void>((resolve) => {
            left = resolve
          })
        }
        return await work()
      } finally {
        closed = null
        open()
      }
    },
  }
}
