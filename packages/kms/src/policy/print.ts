/** JSON as AWS prints the policies that it makes: two spaces, and a space on both sides of the colon. */
export function printPolicy(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => printPolicy(item, indent)).join(', ')} ]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const deeper = `${indent}  `
  const members = Object.entries(value).map(
    ([name, member]) => `${deeper}${JSON.stringify(name)} : ${printPolicy(member, deeper)}`,
  )
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`
}
