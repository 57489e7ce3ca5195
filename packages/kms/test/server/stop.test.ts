import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startServer } from '../../src/server/start-server.ts'

it('stops though a client holds a connection open on which it asked nothing', async () => {
  const server = await startServer({ place: { memory: true }, port: 0, logLevel: 'silent' })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  // The server has it, too, once it answers another client.
  await fetch(`${server.url}/healthz`)
  const closed = once(socket, 'close')
  await server.close()
  await closed
  expect(socket.destroyed).toBe(true)
}, 5_000)
