import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { spawnChild } from './scenario.ts'

/** The members of all answers that are looked at. */
export interface Answer {
  readonly KeyMetadata: { readonly KeyId: string; readonly KeyState: string }
  readonly CiphertextBlob: string
  readonly Plaintext: string
  readonly Rotations: readonly unknown[]
  readonly PublicKey: string
  readonly ImportToken: string
}

/** Calls an operation; rejects for what is not answered with success, and where the server died. */
export type Call = (operation: string, input: object) => Promise<Answer>

/** A server in a process of its own. */
export interface ApiServer {
  readonly call: Call
  /** Posts to the admin port. */
  admin(path: string, body: object): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

export async function apiServer(folder: string): Promise<ApiServer> {
  const child = spawnChild('server-child.ts', folder)
  const exit = once(child, 'exit')
  if (child.stdout === null) throw new Error('no standard output')
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  if (line.done === true) throw new Error('the server did not start')
  const { url, adminUrl } = JSON.parse(line.value) as { url: string; adminUrl: string }
  const post = async (to: string, headers: Record<string, string>, body: object): Promise<Answer> => {
    const answer = await fetch(to, { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Refused(text)
    return JSON.parse(text === '' ? '{}' : text)
  }
  return {
    call: (operation, input) => post(url, { 'x-amz-target': `TrentService.${operation}` }, input),
    async admin(path, body) {
      await post(`${adminUrl}${path}`, {}, body)
    },
    async kill() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** The server answered, and not with success: while it lives, that is a mistake. */
export class Refused extends Error {}
