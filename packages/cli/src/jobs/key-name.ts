import { parse } from 'node:path'
import { usage } from '../failure.ts'
import { encodePart } from '../key-uri/parse.ts'

const NAMESPACE = 'bongtu'

/** `namespace/name` as a key URI holds it: as given, or after the file. */
export function keyNamePath(name: string | undefined, file: string): string {
  const given = name ?? `${NAMESPACE}/${parse(file).name}`
  const slash = given.indexOf('/')
  if (slash < 1 || slash === given.length - 1) throw usage(`--name ${JSON.stringify(given)} is no namespace/name`)
  if (given.startsWith('aws-kms')) throw usage('--name: namespaces that begin with aws-kms belong to AWS KMS')
  return encodePart(given)
}
