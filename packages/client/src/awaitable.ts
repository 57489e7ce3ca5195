import type { Awaitable } from '@bongtu/crypto'

/**
 * Goes on with a value at once where it is there, so that the synchronous engine never waits for a microtask. (Not named
 * `then`: a module that exports that cannot be imported dynamically.)
 */
export function andThen<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
