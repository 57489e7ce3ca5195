import { parseSync } from 'vite'

export interface ImportSite {
  readonly specifier: string
  readonly line: number
  /** Erased by the compiler: nothing of it is left at run time. */
  readonly typeOnly: boolean
}

export interface GlobalSite {
  readonly name: string
  readonly line: number
}

export interface Scan {
  readonly imports: readonly ImportSite[]
  readonly globals: readonly GlobalSite[]
  readonly errors: readonly string[]
}

/** What stands for the module of an `import(expression)` that only running it would tell. */
export const computed = '(computed)'

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number }
interface Place {
  readonly parent: Node
  readonly key: string
  readonly declares: boolean
}

/** Every import of a module (static, re-export, dynamic, type, `require`) and every use of a watched global. */
export const scan = (path: string, text: string, watchedGlobals: ReadonlySet<string>): Scan => {
  const parsed = parseSync(path, text)
  const imports: ImportSite[] = []
  const uses: GlobalSite[] = []
  const declared = new Set<string>()
  const lineOf = (node: Node): number => text.slice(0, node.start).split('\n').length

  walk(parsed.program as unknown as Node, (node, place) => {
    const found = importOf(node)
    if (found) imports.push({ ...found, line: lineOf(node) })
    const name = node.name
    if (node.type !== 'Identifier' || typeof name !== 'string' || !watchedGlobals.has(name)) return
    if (place.declares) declared.add(name)
    else if (isReference(place)) uses.push({ name, line: lineOf(node) })
  })

  return {
    imports,
    globals: uses.filter((use) => !declared.has(use.name)),
    errors: parsed.errors.map((error) => error.message),
  }
}

const importOf = (node: Node): Omit<ImportSite, 'line'> | undefined => {
  const kind = node.importKind ?? node.exportKind
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (!node.source) return undefined
      return { specifier: literal(node.source), typeOnly: kind === 'type' || importsOnlyTypes(node.specifiers) }
    case 'ImportExpression':
      return { specifier: literal(node.source), typeOnly: false }
    case 'TSImportType':
      return { specifier: literal(node.source), typeOnly: true }
    case 'CallExpression':
      if (!isNode(node.callee) || node.callee.name !== 'require') return undefined
      return { specifier: literal(nodesIn(node.arguments)[0]), typeOnly: false }
    default:
      return undefined
  }
}

const literal = (node: unknown): string => (isNode(node) && typeof node.value === 'string' ? node.value : computed)

const importsOnlyTypes = (specifiers: unknown): boolean => {
  const nodes = nodesIn(specifiers)
  return nodes.length > 0 && nodes.every((one) => (one.importKind ?? one.exportKind) === 'type')
}

const walk = (node: Node, visit: (node: Node, place: Place) => void): void => {
  const descend = (parent: Node, declares: boolean): void => {
    for (const [key, value] of Object.entries(parent)) {
      const place = { parent, key, declares: declaresBelow(parent, key, declares) }
      for (const child of nodesIn(value)) {
        visit(child, place)
        descend(child, place.declares)
      }
    }
  }
  descend(node, false)
}

const declaringKeys = new Set(['VariableDeclarator.id', 'CatchClause.param', 'TSTypeParameter.name'])
const notDeclaring = new Set(['typeAnnotation', 'returnType', 'typeParameters', 'right', 'key', 'decorators'])

const declaresBelow = (parent: Node, key: string, declares: boolean): boolean => {
  if (declares) return !notDeclaring.has(key)
  if (declaringKeys.has(`${parent.type}.${key}`)) return true
  if (parent.type.startsWith('Import')) return key === 'local'
  return /Function|Class|TSInterface|TSTypeAlias/.test(parent.type) && (key === 'params' || key === 'id')
}

/** Where a name selects a member of something else: `a.name`, `A.name` in a type, `{ name: … }`. */
const isReference = ({ parent, key }: Place): boolean => {
  const [owner, member] = parent.type === 'TSQualifiedName' ? ['left', 'right'] : ['object', 'property']
  if (key === member) return parent.computed === true || isGlobalThis(parent[owner ?? ''])
  if (key === 'key') return parent.computed === true
  return !['imported', 'exported', 'label', 'meta'].includes(key)
}

const isGlobalThis = (node: unknown): boolean => isNode(node) && node.name === 'globalThis'

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

const nodesIn = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : [value]).filter(isNode)
