/** What a shape of the table may state about its values. */
export interface Constraints {
  readonly type: string
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly values?: readonly string[]
}

const MEASURED: Readonly<Record<string, (value: unknown) => number>> = {
  string: (value) => (value as string).length,
  blob: (value) => (value as Uint8Array).length,
  list: (value) => (value as readonly unknown[]).length,
  map: (value) => Object.keys(value as object).length,
}

const compiled = new Map<string, RegExp>()

function matches(pattern: string, value: string): boolean {
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    expression = new RegExp(`^(?:${pattern})$`)
    compiled.set(pattern, expression)
  }
  return expression.test(value)
}

/** The constraints that the value breaks, in the words of AWS. */
export function brokenConstraints(shape: Constraints, value: unknown): string[] {
  const broken: string[] = []
  if (shape.values !== undefined && !shape.values.includes(value as string)) {
    broken.push(`Member must satisfy enum value set: [${shape.values.join(', ')}]`)
  }
  const measure = MEASURED[shape.type]
  const size = measure === undefined ? (value as number) : measure(value)
  const noun = measure === undefined ? 'value' : 'length'
  if (shape.max !== undefined && size > shape.max)
    broken.push(`Member must have ${noun} less than or equal to ${shape.max}`)
  if (shape.min !== undefined && size < shape.min) {
    broken.push(`Member must have ${noun} greater than or equal to ${shape.min}`)
  }
  if (shape.pattern !== undefined && !matches(shape.pattern, value as string)) {
    broken.push(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  }
  return broken
}
