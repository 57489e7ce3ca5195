import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { record } from '@bongtu/crypto/options'
import type { Entry } from '../wire/entry.ts'
import { MAX_BODY_LENGTH } from '../wire/fetch.ts'
import type { WireRequest, WireResponse } from '../wire/message.ts'
import { refuse } from '../wire/refusal.ts'
import { type BodyRefusal, createBodyReader } from './bodies.ts'
import { createHostCheck, hostRefusal } from './hosts.ts'
import { type TlsFiles, tlsServer } from './tls.ts'

export interface HttpServerOptions {
  readonly entry: Entry
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  readonly tls: TlsFiles | undefined
  /** Names beside the loopback names that a Host header may have; `undefined` where no option adds one. */
  readonly allowHost: readonly string[] | undefined
  /** Answers to plain GET requests, by path. */
  readonly pages: Pages
  /** Whether a request says who sends it, where it must: of any other the body is not read. */
  readonly mayBringBody: (headers: WireRequest['headers']) => boolean
  readonly limits?: Partial<ServerLimits>
}

/** What all clients together may take up. */
export interface ServerLimits {
  /** Connections at a time; more are closed at once. */
  readonly connections: number
  /** Bytes of bodies that have not come in whole. */
  readonly unfinishedBodies: number
}

const SERVER_LIMITS: ServerLimits = { connections: 2048, unfinishedBodies: 67_108_864 }

/** By path. They never reject. */
export type Pages = Readonly<Record<string, Page>>

/** A page of text. What the request brings as a body is not read. */
export type Page = (request: WireRequest) => WireResponse | Promise<WireResponse>

export function textPage(status: number, contentType: string, text: string): WireResponse {
  const body = Buffer.from(text)
  return { status, headers: { 'Content-Type': contentType, 'Content-Length': String(body.length) }, body }
}

export interface HttpServer {
  /** Where clients reach it, such as `http://127.0.0.1:4599`. */
  readonly url: string
  /** Lets requests under way finish, for at most `grace` milliseconds. */
  close(grace: number): Promise<void>
}

/**
 * Milliseconds: how long a client may take over its headers and its request, and stay connected between two; Node looks
 * for those who took longer at an interval. A header that comes twice is joined, so that a second Host or Authorization
 * is not passed over.
 */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
  joinDuplicateHeaders: true,
}

export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const state: State = { stopping: false, underWay: 0, settled: () => {} }
  const listener = createListener(options, state)
  const server: Server =
    options.tls === undefined
      ? createServer({ ...LIMITS, noDelay: true }, listener)
      : tlsServer(options.tls, LIMITS, listener)
  server.maxConnections = { ...SERVER_LIMITS, ...options.limits }.connections
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { address, family, port } = server.address() as AddressInfo
  const name = family === 'IPv6' ? `[${address}]` : address
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${name}:${port}`,
    close: (grace) => stop(server, state, grace),
  }
}

/** A server that stops keeps no connection open behind its last answer. */
interface State {
  stopping: boolean
  /** Requests that wait for their answer. */
  underWay: number
  /** Called when a request is over. */
  settled: () => void
}

function stop(server: Server, state: State, grace: number): Promise<void> {
  state.stopping = true
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), grace)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
    // Node does not count a connection as idle before its first request: some clients open them ahead.
    state.settled = () => {
      if (state.underWay === 0) server.closeAllConnections()
    }
    state.settled()
  })
}

function createListener(options: HttpServerOptions, state: State): RequestListener {
  const { entry, allowHost, pages, mayBringBody, limits } = options
  const { unfinishedBodies: budget } = { ...SERVER_LIMITS, ...limits }
  const readBody = createBodyReader({ longest: MAX_BODY_LENGTH, budget })
  const isOurs = createHostCheck(allowHost ?? [])
  const send = (request: IncomingMessage, response: ServerResponse, answer: WireResponse, unread = SHORT) => {
    write(request, response, answer, { isLast: state.stopping, breaksOff: !endsWithin(request, unread) })
  }
  return (request, response) => {
    state.underWay++
    response.once('close', () => {
      state.underWay--
      state.settled()
    })
    if (!isOurs(request.headers.host)) {
      return send(request, response, refuse(403, hostRefusal(request.headers.host, allowHost !== undefined)))
    }
    if (request.headers.origin !== undefined) {
      return send(request, response, refuse(403, 'requests of web pages are not answered'))
    }
    const { method = 'GET', url = '/' } = request
    const headers: Record<string, string | undefined> = record(request.headers as Record<string, string>)
    const page = method === 'GET' && Object.hasOwn(pages, url) ? pages[url] : undefined
    if (page !== undefined) {
      const answer = page({ method, url, headers, body: new Uint8Array(0) })
      return void answerPage(answer, (ready) => send(request, response, ready))
    }
    const answer = (body: Uint8Array) =>
      void entry({ method, url, headers, body }).then((ready) => send(request, response, ready))
    // The entry refuses it by its headers alone.
    if (!mayBringBody(headers)) return answer(new Uint8Array(0))
    readBody(request, (body) => {
      if (typeof body === 'string') send(request, response, refuse(...BODY_REFUSALS[body]), MAX_BODY_LENGTH)
      else answer(body)
    })
  }
}

const BODY_REFUSALS: Readonly<Record<BodyRefusal, readonly [number, string]>> = {
  tooLong: [413, 'the request body is longer than 1 MiB'],
  tooMany: [503, 'too many bytes of unfinished requests are here: try again'],
}

/** At once where the page knows its text: a client that asks in a loop has its answer before other work goes on. */
async function answerPage(answer: ReturnType<Page>, send: (answer: WireResponse) => void): Promise<void> {
  send(answer instanceof Promise ? await answer : answer)
}

/** Bytes of a refused request that are read to nowhere, so that its client gets the answer and keeps the connection. */
const SHORT = 65_536

/** Whether a request is here whole, or says that its body has at most so many bytes. */
function endsWithin({ complete, headers }: IncomingMessage, most: number): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers
  return complete || (length !== undefined && encoding === undefined && Number(length) <= most)
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: WireResponse,
  { isLast, breaksOff }: { readonly isLast: boolean; readonly breaksOff: boolean },
): void {
  if (breaksOff || isLast) response.shouldKeepAlive = false
  response.writeHead(status, headers)
  // As text, head and body leave in one packet; Latin-1 keeps each byte what it is.
  response.end(latin1(body), 'latin1', () => {
    if (breaksOff) request.destroy()
  })
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
}
