import { setImmediate } from 'node:timers/promises'
import { DOMAIN_KEY, materials } from '../store/material.ts'
import type { QuarantinedToken } from './quarantine.ts'
import { openTokens, type Rewrap, rewrapAll, STEP } from './rewrap.ts'

/** As `rewrapAll`, and opens the tokens under the active domain key too, which a walk does not touch. They are not written. */
export async function examineAll(rewrap: Rewrap): Promise<readonly QuarantinedToken[]> {
  const refused = [...(await rewrapAll(rewrap))]
  const { active: domainKey } = await rewrap.install()
  for (let after = ''; ; ) {
    const page = await rewrap.store.idsBy(materials, DOMAIN_KEY, domainKey, { after, limit: STEP })
    const last = page.at(-1)
    if (last === undefined) return refused
    const opened = await openTokens(
      rewrap,
      page.map(({ id }) => id),
    )
    refused.push(...opened.refused.map((token) => ({ ...token, domainKey })))
    if (page.length < STEP) return refused
    after = last.id
    await setImmediate()
  }
}
