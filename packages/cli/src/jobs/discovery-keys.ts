import type { DiscoveryFlags } from '../commands/options.ts'
import { usage } from '../failure.ts'
import { encodePart } from '../key-uri/parse.ts'

/** `--discovery`, as the key URI that it stands for. Throws a usage failure for a filter that filters nothing. */
export function discoveryKeys({ discovery = false, account = [], partition }: DiscoveryFlags): readonly string[] {
  if (!discovery) {
    if (account.length > 0) throw usage('--account belongs to --discovery')
    if (partition !== undefined) throw usage('--partition belongs to --discovery')
    return []
  }
  if (account.length === 0) {
    throw usage(
      '--discovery takes --account ID, several times for several accounts; --account any lets whoever wrote a message choose whose key opens it',
    )
  }
  const filter = [
    `account=${account.map(encodePart).join(',')}`,
    ...(partition === undefined ? [] : [`partition=${encodePart(partition)}`]),
  ]
  return [`aws-kms-mrk-discovery:?${filter.join('&')}`]
}
