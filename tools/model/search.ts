/** A system as a set of states: what may happen in each, and what must hold in all. States are plain data. */
export interface Model<State> {
  readonly start: State
  /** Every state that may come next, with what happens on the way. */
  next(state: State): Iterable<readonly [step: string, state: State]>
  /** The name of the rule that a state breaks. */
  broken(state: State): string | undefined
}

export interface Found {
  /** How many different states there are. */
  readonly states: number
  /** By broken rule: the shortest way to break it. */
  readonly violations: ReadonlyMap<string, readonly string[]>
}

/** Visits every state that can be reached, breadth first and always in the same order. A state that breaks a rule is not left. */
export function search<State>({ start, next, broken }: Model<State>): Found {
  const seen = new Map<string, readonly [step: string, from: string] | undefined>([[JSON.stringify(start), undefined]])
  const violations = new Map<string, readonly string[]>()
  let layer = [start]
  while (layer.length > 0) {
    const after: State[] = []
    for (const state of layer) {
      const key = JSON.stringify(state)
      const rule = broken(state)
      if (rule !== undefined) {
        if (!violations.has(rule)) violations.set(rule, wayTo(key, seen))
        continue
      }
      for (const [step, following] of next(state)) {
        const known = JSON.stringify(following)
        if (seen.has(known)) continue
        seen.set(known, [step, key])
        after.push(following)
      }
    }
    layer = after
  }
  return { states: seen.size, violations }
}

function wayTo(key: string, seen: ReadonlyMap<string, readonly [string, string] | undefined>): readonly string[] {
  const steps: string[] = []
  for (let at = seen.get(key); at !== undefined; at = seen.get(at[1])) steps.unshift(at[0])
  return steps
}
