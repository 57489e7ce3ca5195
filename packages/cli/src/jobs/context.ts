import { usage } from '../failure.ts'

/** The pairs of all `-c name=value`. A value may hold further equals signs; a name that stands twice is refused. */
export function contextOf(pairs: readonly string[]): Readonly<Record<string, string>> {
  const context: Record<string, string> = Object.create(null)
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw usage(`-c ${JSON.stringify(pair)} is no name=value`)
    const name = pair.slice(0, at)
    if (Object.hasOwn(context, name)) throw usage(`-c gives ${JSON.stringify(name)} twice`)
    context[name] = pair.slice(at + 1)
  }
  return context
}
