import { KmsError } from '../wire/errors.ts'
import { fromBase64 } from './base64.ts'
import { brokenConstraints, type Constraints } from './constraints.ts'
import { inputs, type OperationName } from './inputs.ts'
import { type ShapeName, shapes } from './shapes.ts'
import type { InputOf, Members } from './types.ts'
import { createViolations, shownValue, type Violations } from './violations.ts'

interface Shape extends Constraints {
  readonly sensitive?: boolean
  readonly member?: ShapeName
  readonly members?: Members
}

const table: Readonly<Record<ShapeName, Shape>> = shapes
const requests: Readonly<Record<OperationName, Members>> = inputs

/**
 * Reads the parsed JSON body of a request by the operation's shape. Unknown members are dropped, `null` is absent.
 * Throws SerializationException for a value of the wrong JSON type, and one ValidationException that names the
 * first broken constraints.
 */
export function readInput<O extends OperationName>(operation: O, body: unknown): InputOf<O> {
  const violations = createViolations()
  const input = readStructure(requests[operation], body, '', violations)
  violations.end()
  return input as InputOf<O>
}

function readStructure(
  members: Members,
  value: unknown,
  path: string,
  violations: Violations,
): Record<string, unknown> {
  if (!isObject(value)) throw serialization(value, 'a structure')
  // Without a prototype, so that an absent member is absent whatever every object inherits.
  const read: Record<string, unknown> = Object.create(null)
  for (const [name, reference] of Object.entries(members)) {
    const required = reference.endsWith('!')
    const memberPath = `${path}${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const given = Object.hasOwn(value, name) ? value[name] : undefined
    if (given === undefined || given === null) {
      if (required) violations.add(nullViolation(memberPath))
      continue
    }
    const shape = table[(required ? reference.slice(0, -1) : reference) as ShapeName]
    read[name] = readValue(shape, given, memberPath, violations)
  }
  return read
}

function readValue(shape: Shape, given: unknown, path: string, violations: Violations): unknown {
  const value = parse(shape, given, path, violations)
  for (const constraint of brokenConstraints(shape, value)) violations.add(violation(shape, value, path, constraint))
  return value
}

function parse(shape: Shape, given: unknown, path: string, violations: Violations): unknown {
  switch (shape.type) {
    case 'string':
    case 'enum':
      if (typeof given !== 'string') throw serialization(given, 'a String')
      return given
    case 'blob':
      return parseBlob(given)
    case 'integer':
      if (typeof given !== 'number' || !Number.isInteger(given)) throw serialization(given, 'an Integer')
      return given
    case 'timestamp':
      if (typeof given !== 'number' || !Number.isFinite(given)) throw serialization(given, 'a timestamp')
      return Math.round(given * 1000)
    case 'boolean':
      if (typeof given !== 'boolean') throw serialization(given, 'a Boolean')
      return given
    case 'map':
      return parseMap(shape, given, path, violations)
    case 'list':
      return parseList(shape, given, path, violations)
    default:
      return readStructure(shape.members ?? {}, given, `${path}.`, violations)
  }
}

function parseBlob(given: unknown): Uint8Array {
  if (typeof given !== 'string') throw serialization(given, 'a Blob')
  const bytes = fromBase64(given)
  if (bytes === undefined) throw new KmsError('SerializationException', 'A blob member is not valid base64.')
  return bytes
}

/** Strings by strings. The copy has no prototype, so that no name in a request can reach one. */
function parseMap(
  shape: Shape,
  given: unknown,
  path: string,
  violations: Violations,
): Readonly<Record<string, string>> {
  if (!isObject(given)) throw serialization(given, 'a map')
  const map: Record<string, string> = Object.create(null)
  if (isOverfull(shape, Object.keys(given).length, given, path, violations)) return map
  for (const [name, value] of Object.entries(given)) {
    if (value === null) {
      violations.add(
        violation(
          { type: 'map', sensitive: true },
          given,
          path,
          'Map value must satisfy constraint: [Member must not be null]',
        ),
      )
      continue
    }
    if (typeof value !== 'string') throw serialization(value, 'a String')
    map[name] = value
  }
  return map
}

function parseList(shape: Shape, given: unknown, path: string, violations: Violations): unknown[] {
  if (!Array.isArray(given)) throw serialization(given, 'a list')
  if (isOverfull(shape, given.length, given, path, violations)) return []
  const member = table[shape.member as ShapeName]
  if (member.type === 'structure') {
    return given.map((item, at) => readStructure(member.members ?? {}, item, `${path}.${at + 1}.member.`, violations))
  }
  const items = given.map((item) => parse(member, item, path, violations))
  const broken = new Set(items.flatMap((item) => brokenConstraints(member, item)))
  if (broken.size > 0) {
    violations.add(violation(shape, items, path, `Member must satisfy constraint: [${allConstraints(member)}]`))
  }
  return items
}

/** Whether a list or map has more items than its shape allows, which is reported: then none of them is looked at. */
function isOverfull(shape: Shape, length: number, given: object, path: string, violations: Violations): boolean {
  const { max = 0 } = shape
  if (length <= max) return false
  const constraint = `Member must have length less than or equal to ${max}`
  const sensitive = shape.type === 'map' || table[shape.member as ShapeName].type === 'structure'
  violations.add(violation({ ...shape, sensitive }, given, path, constraint))
  return true
}

/** Items of a list are refused with everything that an item must satisfy, broken or not. */
function allConstraints(shape: Shape): string {
  const parts: string[] = []
  if (shape.values !== undefined) parts.push(`Member must satisfy enum value set: [${shape.values.join(', ')}]`)
  if (shape.max !== undefined) parts.push(`Member must have length less than or equal to ${shape.max}`)
  if (shape.min !== undefined) parts.push(`Member must have length greater than or equal to ${shape.min}`)
  if (shape.pattern !== undefined) parts.push(`Member must satisfy regular expression pattern: ${shape.pattern}`)
  return parts.join(', ')
}

export function nullViolation(path: string): string {
  return `Value null at '${path}' failed to satisfy constraint: Member must not be null`
}

/** Blobs and secrets are not repeated to the caller. */
function violation(shape: Shape, value: unknown, path: string, constraint: string): string {
  const quiet = shape.sensitive === true || shape.type === 'blob' || shape.type === 'structure'
  return `Value${quiet ? '' : ` '${shownValue(value)}'`} at '${path}' failed to satisfy constraint: ${constraint}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: 'STRING_VALUE',
  number: 'NUMBER_VALUE',
  boolean: 'BOOLEAN_VALUE',
}

function serialization(value: unknown, wanted: string): KmsError {
  if (typeof value === 'object') {
    return new KmsError('SerializationException', 'Start of structure or map found where not expected.')
  }
  return new KmsError('SerializationException', `${JSON_TYPES[typeof value]} can not be converted to ${wanted}`)
}
