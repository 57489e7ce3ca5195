const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
/** `kms.us-east-1.localhost` and the like resolve to this machine and to no other (RFC 6761 §6.3). */
const LOCAL_NAME = /^[a-z0-9.-]+\.localhost$/

/**
 * Whether a Host header names this server: a page in a browser can reach a loopback port under a name of its own
 * making, but cannot hide that name.
 */
export function createHostCheck(allowed: readonly string[]): (host: string | undefined) => boolean {
  const names = new Set([...LOOPBACK, ...allowed.map((name) => name.toLowerCase())])
  return (host) => {
    if (host === undefined) return false
    const lower = host.toLowerCase()
    const name = lower.replace(/:\d+$/, '')
    return names.has(name) || names.has(lower) || LOCAL_NAME.test(name)
  }
}

const NAME = /^[a-z0-9.-]{1,253}$/i

/** What the sender of a refused Host header reads. It repeats the host only where that has the form of a name. */
export function hostRefusal(host: string | undefined, canAllow: boolean): string {
  if (!canAllow) return 'the Host header names another server: this one is called localhost'
  const name = host?.replace(/:\d+$/, '')
  const shown = name !== undefined && NAME.test(name) ? name : 'NAME'
  return `the Host header names another server. If that is a name of this one, start it with --allow-host ${shown}`
}

/** Whether an address to listen on is reachable from this machine alone. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address)
}
