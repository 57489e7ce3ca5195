import type { Awaitable } from '@bongtu/crypto'

/** Goes on with a value at once where it is there, so that the synchronous engine never waits for a microtask. */
export function then<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
