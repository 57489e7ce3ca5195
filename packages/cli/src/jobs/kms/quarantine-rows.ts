import type { DomainHealth } from '@bongtu/kms'

/** What `status` and `doctor` print of key tokens that do not open, and of a ring that they keep full. */
export function quarantineRows({ ringFull, quarantine }: DomainHealth): readonly (readonly [string, string])[] {
  const rows = quarantine.map(({ key, domainKey, givenUp }) => {
    const what = `${key} has a key token under domain key ${domainKey} that does not open`
    return ['quarantine', givenUp ? `${what}; it is given up` : what] as const
  })
  return ringFull
    ? [['ring', 'full: the domain key is not rotated until a key token in quarantine opens or is given up'], ...rows]
    : rows
}
