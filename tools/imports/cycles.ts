/** The cycles of a graph as the paths that close them: `[a, b, a]`. Every cyclic graph yields one at least. */
export const findCycles = (graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const cycles: string[][] = []
  const finished = new Set<string>()
  const trail: string[] = []

  const follow = (node: string): void => {
    if (finished.has(node)) return
    const seenAt = trail.indexOf(node)
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), node])
      return
    }
    trail.push(node)
    for (const next of graph.get(node) ?? []) follow(next)
    trail.pop()
    finished.add(node)
  }

  for (const node of [...graph.keys()].sort()) follow(node)
  return cycles
}
