/**
 * Whether the action is one of the pattern's: `*` stands for any run of characters, `?` for one, and letter case for
 * nothing. Whatever the pattern, it is walked once for each character of the action at most: a pattern comes from
 * callers, and a regular expression of many stars would keep the process busy for as long as they like.
 */
export function matchesPattern(pattern: string, action: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = action.toLowerCase()
  let at = 0
  let read = 0
  /** Behind the last star, and how far the text was read when that star stood for nothing. */
  let star: { readonly behind: number; from: number } | undefined
  while (read < given.length) {
    if (wanted[at] === '*') {
      star = { behind: ++at, from: read }
    } else if (wanted[at] === '?' || wanted[at] === given[read]) {
      at++
      read++
    } else if (star === undefined) {
      return false
    } else {
      at = star.behind
      read = ++star.from
    }
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}
