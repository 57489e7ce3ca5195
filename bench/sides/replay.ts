import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

/** What a run of requests came to. */
export interface Replay {
  /** Milliseconds from each request to its whole answer, in the order in which they ended. */
  readonly latencies: readonly number[]
  /** The first answer, head and body. */
  readonly answer: Uint8Array
}

/**
 * Sends the same bytes over and over on several kept connections, one request at a time on each, until there are `count`
 * answers. It parses next to nothing, so that the server and not the client is measured: every answer must have status
 * 200 and the length of the first one.
 */
export const replay = async (
  port: number,
  request: Uint8Array,
  count: number,
  connections: number,
): Promise<Replay> => {
  const latencies: number[] = []
  let left = count
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)))
  const [answer] = await Promise.all(
    sockets.map((socket) =>
      drive(
        socket,
        request,
        () => left-- > 0,
        (time) => void latencies.push(time),
      ),
    ),
  )
  return { latencies, answer: answer ?? new Uint8Array(0) }
}

/** One connection, as long as `more` says so. Answers its first answer. */
const drive = (
  socket: Socket,
  request: Uint8Array,
  more: () => boolean,
  took: (milliseconds: number) => void,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    let first: Uint8Array = new Uint8Array(0)
    let length = 0
    let received = 0
    let begun = 0
    const next = (): void => {
      if (!more()) {
        resolve(first)
        socket.destroy()
        return
      }
      received = 0
      begun = performance.now()
      socket.write(request)
    }
    socket.on('data', (chunk: Buffer) => {
      if (received === 0 && chunk.toString('latin1', 9, 12) !== '200') reject(new Error(chunk.toString('latin1')))
      if (length === 0) {
        first = chunk
        length = lengthOf(chunk)
      }
      received += chunk.length
      if (received > length) reject(new Error('an answer is longer than the first one'))
      if (received !== length) return
      took(performance.now() - begun)
      next()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    next()
  })

const connected = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.on('error', reject)
  })

/** Of a whole answer, whose head is there. */
const lengthOf = (chunk: Buffer): number => {
  const end = chunk.indexOf('\r\n\r\n')
  const head = chunk.toString('latin1', 0, end + 2)
  const [, body] = /\r\ncontent-length: (\d+)\r\n/i.exec(head) ?? []
  if (end < 0 || body === undefined) throw new Error(`an answer without length: ${head}`)
  return end + 4 + Number(body)
}
