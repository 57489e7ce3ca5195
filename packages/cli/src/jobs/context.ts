import { usage } from '../failure.ts'

/** The pairs of all `name=value` of an option. A value may hold further equals signs; a name that stands twice is refused. */
export function contextOf(pairs: readonly string[], option = '-c'): Readonly<Record<string, string>> {
  const context: Record<string, string> = Object.create(null)
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw usage(`${option} ${JSON.stringify(pair)} is no name=value`)
    const name = pair.slice(0, at)
    if (Object.hasOwn(context, name)) throw usage(`${option} gives ${JSON.stringify(name)} twice`)
    context[name] = pair.slice(at + 1)
  }
  return context
}
