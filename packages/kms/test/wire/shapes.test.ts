import * as sdk from '@aws-sdk/client-kms'
import { describe, expect, it } from 'vitest'
import { inputs, type OperationName } from '../../src/model/inputs.ts'
import { type ShapeName, shapes } from '../../src/model/shapes.ts'
import type { Members } from '../../src/model/types.ts'
import { operations } from '../../src/operations/table.ts'
import { errorCodes, KmsError } from '../../src/wire/errors.ts'

/** A schema as the SDK carries it: kind, namespace, name, traits, then what the kind has. */
type Schema = readonly [number, string, string, unknown, ...unknown[]]

const schemas = Object.values(sdk).filter(
  (value): value is Schema & typeof value =>
    Array.isArray(value) && typeof value[0] === 'number' && value[2] !== undefined,
) as readonly Schema[]
const operationSchemas = schemas.filter(([kind]) => kind === 9)
const structure = (schema: unknown) =>
  schema as readonly [number, string, string, unknown, string[], unknown[], number?]

describe('the operation table', () => {
  it('has the operations of the SDK and no other', () => {
    expect(Object.keys(operations).sort()).toEqual(operationSchemas.map(([, , name]) => name).sort())
    expect(Object.keys(operations)).toHaveLength(56)
  })

  it('has no prototype', () => {
    expect(Object.getPrototypeOf(operations)).toBeNull()
  })
})

/** What the SDK's schema says of a member: a simple type, or the names of a structure's members. */
function kindOf(schema: unknown): string {
  if (typeof schema === 'function') return kindOf((schema as () => unknown)())
  const resolved: unknown = Array.isArray(schema) && typeof schema[0] === 'function' ? schema[0]() : schema
  if (typeof resolved === 'number') {
    if (resolved >= 128) return 'map'
    if (resolved >= 64) return 'list'
    return { 0: 'string', 1: 'integer', 2: 'boolean', 4: 'timestamp', 21: 'blob' }[resolved] ?? `${resolved}`
  }
  const [kind, , , , inner] = resolved as Schema
  if (kind === 0) return kindOf(inner)
  return { 1: 'list', 2: 'map', 3: 'structure' }[kind] ?? `${kind}`
}

describe.each(operationSchemas.map((schema) => ({ name: schema[2] as OperationName, schema })))(
  '$name',
  ({ name, schema }) => {
    const [, , , , memberNames, memberSchemas, required = 0] = structure((schema[4] as () => unknown)())
    const members: Members = inputs[name]

    it('takes the members that the SDK sends', () => {
      expect(Object.keys(members).sort()).toEqual([...memberNames].sort())
    })

    it('requires what the SDK requires', () => {
      const ours = Object.keys(members).filter((member) => members[member]?.endsWith('!'))
      expect(ours.sort()).toEqual(memberNames.slice(0, required).sort())
    })

    it('reads each member as the type that the SDK writes', () => {
      for (const [at, member] of memberNames.entries()) {
        const { type } = shapes[String(members[member]).replace('!', '') as ShapeName]
        expect([member, type === 'enum' ? 'string' : type]).toEqual([member, kindOf(memberSchemas[at])])
      }
    })
  },
)

describe('enumerations', () => {
  const pairs = Object.entries(shapes).flatMap(([name, shape]) => {
    if (shape.type !== 'enum') return []
    const theirs = (sdk as Readonly<Record<string, unknown>>)[name]
    return theirs === undefined
      ? []
      : [{ name, ours: shape.values as readonly string[], theirs: Object.values(theirs as object) }]
  })

  it('are found in the SDK', () => {
    expect(pairs.length).toBeGreaterThan(20)
  })

  it.each(pairs)('$name has the values of the SDK', ({ ours, theirs }) => {
    expect([...ours].sort()).toEqual(theirs.sort())
  })
})

describe('errors', () => {
  const modelled = schemas.filter(([kind, , name]) => kind === -3 && name !== 'KMSServiceException')

  it('have the names of the SDK', () => {
    expect(errorCodes).toEqual(expect.arrayContaining(modelled.map(([, , name]) => name)))
    expect(modelled.length).toBe(48)
  })

  it('are 500 where the SDK calls them faults of the server, and 400 everywhere else', () => {
    for (const [, , name, traits] of modelled) {
      const isFault = (traits as { error: string }).error === 'server'
      expect([name, new KmsError(name as never).status]).toEqual([name, isFault ? 500 : 400])
    }
  })
})
