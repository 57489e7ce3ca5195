import { usage } from '../failure.ts'

/** A key URI in its parts: `scheme:path?name=value&…`, percent-decoded. */
export interface KeyUri {
  /** As it was given: key URIs hold paths and names of keys, never keys. */
  readonly text: string
  readonly scheme: string
  /** Still encoded: what divides it is a matter of the scheme. */
  readonly path: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Throws a usage failure where it is no URI, or where a parameter stands twice. */
export function parseKeyUri(text: string): KeyUri {
  const match = /^([a-z][a-z0-9-]*):([^?]*)(?:\?(.*))?$/s.exec(text)
  if (match === null) {
    throw usage(
      `${JSON.stringify(text)} is no key; a key is given as scheme:name, such as raw-aes:demo/key1?key-file=key1.aes`,
    )
  }
  const [, scheme = '', path = '', query] = match
  return { text, scheme, path, parameters: parametersOf(text, query) }
}

/** Percent-decodes a part. `+` stands for itself: paths hold it. */
export function decodePart(uri: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw usage(`${uri}: a % is not followed by two digits of a UTF-8 byte; write a % itself as %25`)
  }
}

/** For a path or a name that is put into a key URI; slashes stay readable. */
export const encodePart = (part: string): string => encodeURIComponent(part).replaceAll('%2F', '/')

function parametersOf(uri: string, query: string | undefined): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const pair of query === undefined || query === '' ? [] : query.split('&')) {
    const at = pair.indexOf('=')
    if (at < 1) throw usage(`${uri}: ${JSON.stringify(pair)} is no name=value; write a & within a value as %26`)
    const name = decodePart(uri, pair.slice(0, at))
    if (parameters.has(name)) throw usage(`${uri}: ${name} stands twice`)
    parameters.set(name, decodePart(uri, pair.slice(at + 1)))
  }
  return parameters
}

/** `namespace/name`, divided at the first slash. */
export function namespaceAndName({ text, path }: KeyUri): { readonly namespace: string; readonly name: string } {
  const slash = path.indexOf('/')
  if (slash < 1 || slash === path.length - 1) {
    throw usage(`${text}: between the scheme and the ? stands namespace/name, which readers and writers agree on`)
  }
  return { namespace: decodePart(text, path.slice(0, slash)), name: decodePart(text, path.slice(slash + 1)) }
}

/** Throws a usage failure where a parameter is given that the scheme does not know: a misspelt one must not go unnoticed. */
export function refuseUnknownParameters({ text, scheme, parameters }: KeyUri, known: readonly string[]): void {
  for (const name of parameters.keys()) {
    if (!known.includes(name)) throw usage(`${text}: ${scheme} has no parameter ${name}; it has ${known.join(', ')}`)
  }
}
