import { nodeEngine } from '@bongtu/crypto/node'
import { TokenError } from '../token-error.ts'

/** Remembers which PINs a token refused, so that no PIN is tried twice and nothing here ever locks a token. */
export interface PinGate {
  /** Throws `wrongPin` where this PIN was refused by this token before. */
  check(token: string, pin: string): void
  refuse(token: string, pin: string): void
}

/** A PIN is remembered as its MAC under a key of this process: what the memory shows is no PIN. */
export function createPinGate(): PinGate {
  const key = nodeEngine.random(32)
  const refused = new Set<string>()
  const entry = (token: string, pin: string): string => {
    const bytes = new TextEncoder().encode(`${token}\0${pin}`)
    const mac = Buffer.from(nodeEngine.hmac('sha256', key, bytes)).toString('hex')
    bytes.fill(0)
    return mac
  }
  return {
    check(token, pin) {
      if (!refused.has(entry(token, pin))) return
      throw new TokenError(
        'wrongPin',
        `${token} has refused this PIN, so it is not tried again: repeating a wrong PIN locks the token. Put the PIN ` +
          'right where it is read from',
      )
    },
    refuse: (token, pin) => {
      refused.add(entry(token, pin))
    },
  }
}
