import { refused } from '../failure.ts'

/** JSON that strangers wrote: every field is looked at before it is believed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Throws a failure where it is no JSON object. */
export function parseObject(name: string, bytes: Uint8Array): JsonObject {
  try {
    return object(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), name)
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError)
      throw refused(`${name}: is no JSON: ${cause.message}`)
    throw cause
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function object(value: unknown, where: string): JsonObject {
  if (isObject(value)) return value
  throw refused(`${where}: should be an object`)
}

export function array(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw refused(`${where}: should be an array`)
}

export function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value
  throw refused(`${where}: should be a string`)
}

/** An object whose values are strings; absent is empty. */
export function pairs(value: unknown, where: string): Readonly<Record<string, string>> {
  const result: Record<string, string> = Object.create(null)
  for (const [key, entry] of Object.entries(value === undefined ? {} : object(value, where))) {
    result[key] = text(entry, `${where}.${key}`)
  }
  return result
}
