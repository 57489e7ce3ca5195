import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Interrupted, usage } from '../failure.ts'
import type { Io } from '../io.ts'

/** Asks at the terminal for something that is not shown while it is typed. A usage failure where there is no terminal. */
export async function askSecret(io: Io, question: string, otherwise: string): Promise<string> {
  if (io.stdin.isTTY !== true) throw usage(`${question}: there is no terminal to ask at; ${otherwise}`)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: io.stdin, output: unseen, terminal: true, historySize: 0 })
  const interrupted = new Promise<never>((_resolve, reject) => {
    // The second is also of a Ctrl-D, and of a terminal that goes away.
    for (const event of ['SIGINT', 'close'] as const) lines.once(event, () => reject(new Interrupted()))
  })
  io.stderr.write(`${question}: `)
  try {
    return await Promise.race([lines.question('', { signal: io.signal }), interrupted])
  } finally {
    lines.close()
    io.stderr.write('\n')
  }
}
