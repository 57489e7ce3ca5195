import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/index.ts'
import { listen, type ServerLimits, textPage } from '../../src/server/http-server.ts'

async function limited(limits: Partial<ServerLimits>) {
  const entry = async ({ body }: { readonly body: Uint8Array }) => textPage(200, 'text/plain', `${body.length}`)
  const options = { host: '127.0.0.1', port: 0, tls: undefined, allowHost: [], pages: {} }
  const server = await listen({ ...options, entry, mayBringBody: () => true, limits })
  onTestFinished(() => server.close(0))
  return server.url
}

async function connected(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

const head = (length: number, ...more: readonly string[]) =>
  ['POST / HTTP/1.1', 'Host: localhost', `Content-Length: ${length}`, ...more, '', ''].join('\r\n')

describe('a server', () => {
  it('closes connections above its limit at once, and keeps those it has', async () => {
    const url = await limited({ connections: 2 })
    const [first, second] = [await connected(url), await connected(url)]
    const third = await connected(url)
    third.resume()
    await once(third, 'close')
    for (const socket of [first, second]) {
      socket.write(head(2, 'Connection: close'))
      socket.write('ab')
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n2$/s)
    }
  })

  it('refuses the largest unfinished body where all of them are over their budget, and answers the others', async () => {
    const url = await limited({ unfinishedBodies: 200_000 })
    const [large, small] = [await connected(url), await connected(url)]
    large.write(head(1_000_000))
    large.write(Buffer.alloc(150_000))
    small.write(head(100_000, 'Connection: close'))
    small.write(Buffer.alloc(99_999))
    const [refusal] = await once(large, 'data')
    expect(String(refusal)).toMatch(/^HTTP\/1\.1 503 /)
    small.write('a')
    expect(await text(small)).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\n100000$/s)
  })
})

describe('a server that checks signatures', () => {
  const seed = { credentials: [{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret access key' }] }
  const options = { place: { memory: true }, seed, port: 0, adminPort: 0, logLevel: 'silent' } as const

  it.each([
    ['url', [], 400, 'MissingAuthenticationTokenException'],
    ['url', ['Authorization: Bearer abc'], 400, 'IncompleteSignatureException'],
    ['url', ['Authorization: Basic YTpi'], 400, 'IncompleteSignatureException'],
    ['adminUrl', [], 401, 'Missing Authentication Token'],
    ['adminUrl', ['Authorization: Bearer abc'], 401, 'requires'],
  ] as const)('refuses at %s a request with %j without waiting for its body', async (of, headers, status, words) => {
    const server = await startServer(options)
    onTestFinished(() => server.close())
    const socket = await connected(server[of] ?? '')
    // Not one byte of the body is ever sent.
    socket.write(head(1_000_000, ...headers))
    const answer = await text(socket)
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain(words)
  })

  it('keeps the connection of a client whose short request it refuses unread', async () => {
    const server = await startServer(options)
    onTestFinished(() => server.close())
    const socket = await connected(server.url)
    socket.write(`${head(5)}Hello${head(3, 'Connection: close')}abc`)
    expect((await text(socket)).match(/HTTP\/1\.1 400 /g)).toHaveLength(2)
  })
})
