import { readdirSync, statSync } from 'node:fs'
import { algorithmSuites } from '@bongtu/message-format'
import { describe, expect, it } from 'vitest'
import type { AcceptVector, RejectCode, RejectVector } from '../vector.ts'
import { groups } from './support/files.ts'

const accepted = groups<AcceptVector>('accept').flatMap(([, { vectors }]) => vectors)
const rejected = groups<RejectVector>('reject').flatMap(([, { vectors }]) => vectors)

const codes: Readonly<Record<RejectCode, true>> = {
  ERR_MALFORMED: true,
  ERR_TRUNCATED: true,
  ERR_UNSUPPORTED: true,
  ERR_LIMIT: true,
  ERR_POLICY: true,
  ERR_CONTEXT: true,
  ERR_NO_KEY: true,
  ERR_AUTHENTICATION: true,
}

/** The suite that a message names, behind its version and, in version 1, its type. */
const suiteOf = (message: Buffer): number => message.readUInt16BE(message[0] === 1 ? 2 : 1)

describe('the committed vectors', () => {
  it('hold every suite', () => {
    const suites = new Set(accepted.map(({ message }) => suiteOf(Buffer.from(message, 'base64'))))
    expect([...suites].sort((a, b) => a - b)).toEqual(algorithmSuites.map(({ id }) => id))
  })

  it('name every code that a reader refuses with', () => {
    expect([...new Set(rejected.map(({ error }) => error))].sort()).toEqual(Object.keys(codes).sort())
  })

  it('have names of their own, and boundaries in order within the message', () => {
    for (const [file, { vectors }] of groups<AcceptVector | RejectVector>('reject').concat(groups('accept'))) {
      expect([file, new Set(vectors.map(({ name }) => name)).size]).toEqual([file, vectors.length])
      for (const { message, boundaries } of vectors) {
        const length = Buffer.from(message, 'base64').length
        const ordered = [...new Set(boundaries)].sort((x, y) => x - y)
        expect(boundaries).toEqual(ordered.filter((offset) => offset > 0 && offset < length))
      }
    }
  })

  it('stay under 2 MB', () => {
    const folder = new URL('../vectors/', import.meta.url)
    const names = readdirSync(folder, { recursive: true }).map(String)
    const total = names.reduce((sum, name) => sum + statSync(new URL(name, folder)).size, 0)
    expect(total).toBeLessThan(2_000_000)
  })
})
