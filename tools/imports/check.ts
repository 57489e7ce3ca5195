import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import {
  boundaries,
  cryptoGlobals,
  cryptoModules,
  cryptoPackage,
  nodeGlobals,
  type PackageRule,
  packageRules,
} from './rules.ts'
import { computed, type GlobalSite, type ImportSite, scan } from './scan.ts'

/** A workspace's package.json as far as imports are concerned. */
export interface Manifest {
  readonly name: string
  /** The workspace's folder from the root, such as `packages/client`; `''` for the root itself. */
  readonly folder: string
  /** Every declared dependency of every kind, development ones too. */
  readonly declared: ReadonlySet<string>
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
}

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

interface Place {
  readonly path: string
  readonly manifest: Manifest
  /** Set for what a package ships (its `src` and `bin`), not for tests, tools and private workspaces. */
  readonly rule: PackageRule | undefined
  readonly nodeAllowed: boolean
}

export interface Checked {
  readonly violations: readonly Violation[]
  /** For each file, the files of the repository that it still imports at run time. */
  readonly graph: ReadonlyMap<string, readonly string[]>
}

const builtins = new Set(builtinModules)
const watched = new Set([...nodeGlobals, ...cryptoGlobals])

export const checkFiles = (files: readonly SourceFile[], manifests: readonly Manifest[]): Checked => {
  const violations: Violation[] = []
  const graph = new Map<string, readonly string[]>()
  for (const { path, text } of files) {
    const place = placeOf(path, manifests)
    const found = scan(path, text, watched)
    const complain = (line: number, message: string | undefined): void => {
      if (message) violations.push({ path, line, message })
    }
    for (const error of found.errors) complain(1, `does not parse: ${error}`)
    for (const site of found.imports) complain(site.line, judgeImport(place, site, manifests))
    for (const site of found.globals) complain(site.line, judgeGlobal(place, site))
    const targets = found.imports.filter((site) => !site.typeOnly && isRelative(site.specifier))
    graph.set(path, [...new Set(targets.map((site) => resolve(path, site.specifier)))])
  }
  return { violations, graph }
}

const placeOf = (path: string, manifests: readonly Manifest[]): Place => {
  const manifest = manifests
    .filter((one) => isInside(path, one.folder))
    .sort((a, b) => b.folder.length - a.folder.length)[0]
  if (!manifest) throw new Error(`${path} lies in no workspace`)
  const inside = path.slice(manifest.folder.length + 1)
  const ships = manifest.folder.startsWith('packages/') && /^(src|bin)\//.test(inside)
  const rule = ships ? packageRules[manifest.name] : undefined
  if (ships && !rule) throw new Error(`${manifest.name} has no row in tools/imports/rules.ts; add one`)
  return { path, manifest, rule, nodeAllowed: !rule || allowsNode(rule, inside) }
}

const allowsNode = (rule: PackageRule, inside: string): boolean =>
  rule.node === 'everywhere' || rule.node.some((place) => inside.startsWith(place))

const judgeImport = (place: Place, { specifier }: ImportSite, manifests: readonly Manifest[]): string | undefined => {
  if (specifier === computed) return undefined
  if (specifier.startsWith('#')) return undefined
  if (isRelative(specifier)) return judgeRelative(place, resolve(place.path, specifier))
  if (specifier.startsWith('node:') || builtins.has(specifier)) return judgeBuiltin(place, specifier)
  const name = packageName(specifier)
  const sibling = manifests.some((one) => one.name === name)
  return sibling ? judgeSibling(place, name, specifier) : judgeDependency(place, name, manifests)
}

const judgeRelative = (place: Place, target: string): string | undefined => {
  const { path, manifest, rule, nodeAllowed } = place
  const packageOfTarget = /^packages\/[^/]+/.exec(target)?.[0]
  if (packageOfTarget && packageOfTarget !== manifest.folder) {
    return `reaches into ${target} of another package; import the package by its name`
  }
  const ships = rule !== undefined
  if (ships && !/\/(src|dist)\//.test(target)) return `imports ${target}, which is not shipped; move it into src`
  const boundary = boundaries.find((one) => target.startsWith(one.folder) && !path.startsWith(one.folder))
  if (ships && boundary && !boundary.doors.includes(target)) {
    return `goes behind ${boundary.folder}; import ${boundary.doors.join(' or ')} (${boundary.because})`
  }
  const inside = target.slice(manifest.folder.length + 1)
  if (rule && !nodeAllowed && allowsNode(rule, inside)) {
    return `makes a portable file depend on ${inside}, which needs Node; turn the dependency around, or go through an import condition`
  }
  return undefined
}

const judgeBuiltin = ({ manifest, rule, nodeAllowed }: Place, specifier: string): string | undefined => {
  if (rule && manifest.name !== cryptoPackage && cryptoModules.includes(specifier)) {
    return `imports ${specifier}; only ${cryptoPackage} may: ask its engine`
  }
  return nodeAllowed ? undefined : `imports ${specifier} in a file that must run in browsers; ${whereNode(rule)}`
}

const judgeSibling = ({ manifest, rule, nodeAllowed }: Place, name: string, specifier: string): string | undefined => {
  if (!rule) return undefined
  if (name === manifest.name) return `imports its own package by name; use a relative path`
  if (!rule.packages.includes(name)) {
    const allowed = rule.packages.length > 0 ? rule.packages.join(', ') : 'no package'
    return `${manifest.name} may not depend on ${name}; it may import ${allowed} (tools/imports/rules.ts)`
  }
  if (!manifest.declared.has(name))
    return `imports ${name}, which its package.json does not declare; add it to dependencies`
  if (!nodeAllowed && specifier.endsWith('/node')) {
    return `imports ${specifier} in a file that must run in browsers; ${whereNode(rule)}`
  }
  return undefined
}

const judgeDependency = (
  { manifest, rule }: Place,
  name: string,
  manifests: readonly Manifest[],
): string | undefined => {
  if (rule && !rule.npm.some((pattern) => matches(pattern, name))) {
    return `${manifest.name} may not depend on ${name}; change the row in tools/imports/rules.ts only with a reason`
  }
  const root = manifests.find((one) => one.folder === '')
  const declared = manifest.declared.has(name) || (!rule && root?.declared.has(name))
  return declared ? undefined : `imports ${name}, which its package.json does not declare; add it to dependencies`
}

const judgeGlobal = ({ manifest, rule, nodeAllowed }: Place, { name }: GlobalSite): string | undefined => {
  if (!rule) return undefined
  if (cryptoGlobals.includes(name)) {
    return manifest.name === cryptoPackage
      ? undefined
      : `uses the global ${name}; only ${cryptoPackage} may: ask its engine`
  }
  return nodeAllowed ? undefined : `uses the global ${name} in a file that must run in browsers; ${whereNode(rule)}`
}

const whereNode = (rule: PackageRule | undefined): string =>
  Array.isArray(rule?.node) && rule.node.length > 0
    ? `move it to ${rule.node.join(' or ')}`
    : 'this package is portable throughout'

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const isRelative = (specifier: string): boolean => /^\.{1,2}(\/|$)/.test(specifier)
const resolve = (from: string, specifier: string): string => posix.join(posix.dirname(from), specifier)
const isInside = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`)
