import type { Awaitable } from '@bongtu/crypto'

/** Goes on at once where the engine has answered at once, so that a factory throws at construction wherever it can. */
export function after<A, B>(value: Awaitable<A>, next: (value: A) => Awaitable<B>): Awaitable<B> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** Begun now and awaited at each use: a rejection that nobody has awaited yet is not an unhandled one. */
export function begun<T>(value: Awaitable<T>): Awaitable<T> {
  if (value instanceof Promise) value.catch(() => undefined)
  return value
}
