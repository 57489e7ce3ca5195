/** Lets the process end while a timer is pending, where the platform would otherwise wait for it. */
export function unref(timer: number | { unref?: () => unknown }): void {
  if (typeof timer === 'object') timer.unref?.()
}
