import { KmsError } from '../wire/errors.ts'
import { checkPrincipals, type Principals } from './principals.ts'

/** A statement of a key policy whose form has been checked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Principals
  /** The statement is about everybody but `principals`. */
  readonly notPrincipals: boolean
  readonly actions: readonly string[]
  /** The statement is about every action but `actions`. */
  readonly notActions: boolean
  readonly condition: Readonly<Record<string, unknown>> | undefined
  /** Whether its resource is the key that the policy belongs to. If not, the statement matches no request. */
  readonly isOfItsKey: boolean
}

type Json = Readonly<Record<string, unknown>>

const VERSIONS = ['2012-10-17', '2008-10-17']
const DOCUMENT_MEMBERS = ['Version', 'Id', 'Statement']
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const ACTION = /^(?:\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/

/** Throws MalformedPolicyDocumentException if the text is not a key policy, or a statement has a resource other than `*`. */
export function parsePolicy(text: string): readonly Statement[] {
  const statements = readStoredPolicy(text)
  if (statements.every((statement) => statement.isOfItsKey)) return statements
  throw malformed('Each statement of a key policy must have the Resource "*", which is the key of the policy.')
}

/** As `parsePolicy`, for the policy of a stored key: earlier versions took any resource, with which a statement matches nothing. */
export function readStoredPolicy(text: string): readonly Statement[] {
  const document = parseJson(text)
  onlyMembers(document, DOCUMENT_MEMBERS, 'the policy')
  if (document.Version !== undefined && !VERSIONS.includes(document.Version as string)) {
    throw malformed('The policy has an unknown Version.')
  }
  if (document.Id !== undefined && typeof document.Id !== 'string') throw malformed('The Id of the policy is not text.')
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
  if (statements.length === 0) throw malformed('The policy has no statement.')
  const parsed = statements.map(parseStatement)
  const sids = statements.map((statement) => (statement as Json).Sid).filter((sid) => sid !== undefined)
  if (new Set(sids).size !== sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.')
  return parsed
}

function parseJson(text: string): Json {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw malformed('The policy is not valid JSON.')
  }
  if (!isObject(document)) throw malformed('The policy is not a JSON object.')
  return document
}

function parseStatement(statement: unknown): Statement {
  if (!isObject(statement)) throw malformed('A statement of the policy is not a JSON object.')
  onlyMembers(statement, STATEMENT_MEMBERS, 'a statement')
  const { Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement
  if (Sid !== undefined && typeof Sid !== 'string') throw malformed('The Sid of a statement is not text.')
  if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('The Effect of a statement must be Allow or Deny.')
  if (Condition !== undefined) checkCondition(Condition)
  const resources = strings(oneOf(Resource, NotResource, 'Resource', 'NotResource'), 'Resource')
  const actions = strings(oneOf(Action, NotAction, 'Action', 'NotAction'), 'Action')
  if (!actions.every((action) => ACTION.test(action))) throw malformed('A statement has an invalid action.')
  return {
    effect: Effect,
    principals: checkPrincipals(oneOf(Principal, NotPrincipal, 'Principal', 'NotPrincipal')),
    notPrincipals: NotPrincipal !== undefined,
    actions,
    notActions: NotAction !== undefined,
    condition: Condition as Json | undefined,
    isOfItsKey: NotResource === undefined && resources.length === 1 && resources[0] === '*',
  }
}

/** Operator → condition key → value or values. */
function checkCondition(condition: unknown): void {
  const isValue = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value)
  const isBlock = (block: unknown) =>
    isObject(block) &&
    Object.values(block).every((value) => (Array.isArray(value) ? value.every(isValue) : isValue(value)))
  if (!isObject(condition) || !Object.values(condition).every(isBlock)) {
    throw malformed('The Condition of a statement is malformed.')
  }
}

function oneOf(plain: unknown, negated: unknown, name: string, negatedName: string): unknown {
  if ((plain === undefined) === (negated === undefined)) {
    throw malformed(`A statement must have exactly one of ${name} and ${negatedName}.`)
  }
  return plain ?? negated
}

function strings(value: unknown, name: string): readonly string[] {
  const list = Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every((item) => typeof item === 'string' && item !== '')) {
    throw malformed(`The ${name} of a statement must be text, or a list of texts.`)
  }
  return list
}

function onlyMembers(object: Json, known: readonly string[], where: string): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name))
  if (unknown !== undefined) throw malformed(`Syntax error: ${where} has an unknown member.`)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(text: string): KmsError {
  return new KmsError('MalformedPolicyDocumentException', text)
}
