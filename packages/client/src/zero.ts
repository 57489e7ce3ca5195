import { isBytes } from '@bongtu/crypto/options'

/** Zeroes what should be bytes. Where a foreign keyring or cache answered it, it can be anything. */
export function zero(secret: unknown): void {
  if (isBytes(secret)) secret.fill(0)
}
