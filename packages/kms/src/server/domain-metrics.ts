import type { DomainHealth } from '../domain-health.ts'

/** A damaged disk can hit every key: the page names so many tokens, and counts all. */
const MOST_NAMED = 100

/** Gauges of the domain in the Prometheus text format, version 0.0.4. */
export function printDomain({ domainKeys, ringFull, quarantine }: DomainHealth): string {
  const held = quarantine.filter(({ givenUp }) => !givenUp)
  const named = held.slice(0, MOST_NAMED).map(({ key, sequence, domainKey, reason }) => {
    const labels = `key="${escaped(key)}",sequence="${sequence}",domain_key="${escaped(domainKey)}",reason="${reason}"`
    return `kms_quarantined_key_token{${labels}} 1`
  })
  return [
    ...gauge('kms_domain_keys', 'Domain keys in the ring.', [`kms_domain_keys ${domainKeys}`]),
    ...gauge('kms_domain_ring_full', '1 while the domain key is not rotated because the ring is full.', [
      `kms_domain_ring_full ${ringFull ? 1 : 0}`,
    ]),
    ...gauge('kms_quarantined_key_tokens', 'Key tokens that do not open.', [
      `kms_quarantined_key_tokens ${held.length}`,
    ]),
    ...gauge('kms_quarantined_key_token', 'A key token that does not open.', named),
  ].join('')
}

/** A damaged store may hold anything in an id. */
const escaped = (value: string): string => value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')

function gauge(name: string, help: string, samples: readonly string[]): readonly string[] {
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} gauge\n`, ...samples.map((sample) => `${sample}\n`)]
}
