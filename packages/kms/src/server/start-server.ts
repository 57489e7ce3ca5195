import { type KmsSettings, type LocalKms, localKms } from '../local-kms.ts'
import type { KmsPlace } from '../place.ts'
import type { Seed } from '../seed/seed.ts'
import type { CallRecord } from '../wire/entry.ts'
import { createAdmin } from './admin.ts'
import { isLoopback } from './hosts.ts'
import { type HttpServer, listen, type Page, type Pages } from './http-server.ts'
import type { Log, LogLevel } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { TlsFiles } from './tls.ts'

export interface ServerOptions extends Omit<KmsSettings, 'onCall' | 'onFailure'> {
  readonly place: KmsPlace
  readonly seed?: Seed
  /** An address of this machine, 127.0.0.1 by default. Another than loopback needs `tls` and credentials, or `insecure`. */
  readonly host?: string
  /** 4599 by default; 0 for any that is free. */
  readonly port?: number
  /** PEM texts of the certificate chain and its key. */
  readonly tls?: TlsFiles
  /** Names that clients call this server by, beside the loopback names. */
  readonly allowHost?: readonly string[]
  /** Listens off loopback without TLS or without checking signatures. */
  readonly insecure?: boolean
  /** A loopback port for the clock and faults; none by default. 0 for any that is free. */
  readonly adminPort?: number
  /** `info` by default: one line per request. */
  readonly logLevel?: LogLevel
  /** Takes the lines of the log; the standard error by default. */
  readonly writeLog?: (line: string) => void
}

/** A KMS that listens. */
export interface KmsServer {
  /** Such as `http://127.0.0.1:4599`. */
  readonly url: string
  readonly adminUrl: string | undefined
  readonly kms: LocalKms
  /** Takes no new connections, lets requests under way finish for at most 10 seconds, and closes the KMS. */
  close(): Promise<void>
}

export const DEFAULT_PORT = 4599
const LOOPBACK = '127.0.0.1'
/** Milliseconds that requests under way may take when the server stops. */
const GRACE = 10_000

/** Opens a KMS and listens. Fails with a TypeError for options that contradict each other, and as `localKms` does. */
export async function startServer(options: ServerOptions): Promise<KmsServer> {
  const { place, seed = {}, host = LOOPBACK, port = DEFAULT_PORT, logLevel = 'info', writeLog } = options
  checkExposure(options)
  // Whoever has a KMS in the process and no server needs no logger.
  const { createLog } = await import('./log.ts')
  const log = createLog(logLevel, writeLog)
  const metrics = createMetrics()
  const kms = await localKms({ ...place, ...settingsOf(options, log, metrics) }, seed)
  let health = 'ok'
  const failed = (error: unknown): string => {
    log.failure(error)
    return 'failed'
  }
  const word = (text: string, isGood: boolean): Page => ({
    status: isGood ? 200 : 503,
    contentType: 'text/plain',
    text: `${text}\n`,
  })
  const pages: Pages = {
    '/healthz': () => word(health, health === 'ok'),
    '/readyz': async () => {
      const readiness = health === 'ok' ? await kms.readiness().catch(failed) : health
      return word(readiness, readiness === 'ready')
    },
    '/metrics': () => ({ status: 200, contentType: 'text/plain; version=0.0.4', text: metrics.print() }),
  }
  const { allowHost = [], tls, adminPort } = options
  const servers: HttpServer[] = []
  const closeAll = async () => {
    kms.faults.clear()
    await Promise.all(servers.map((server) => server.close(GRACE)))
    await kms.close()
  }
  try {
    const main = await listen({
      entry: kms.entry,
      host,
      port,
      tls,
      allowHost: [...allowHost, ...ownNames(host)],
      pages,
    })
    servers.push(main)
    const admin = adminPort === undefined ? undefined : await listenAdmin(kms, adminPort, log)
    if (admin !== undefined) servers.push(admin)
    log.note('listening', { url: main.url, admin: admin?.url })
    return {
      url: main.url,
      adminUrl: admin?.url,
      kms,
      async close() {
        health = 'stopping'
        log.note('stopping')
        await closeAll()
        log.note('stopped')
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function settingsOf(
  { account, region, auth, domainKeyPeriod }: ServerOptions,
  log: Log,
  metrics: Metrics,
): KmsSettings {
  return {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(auth === undefined ? {} : { auth }),
    ...(domainKeyPeriod === undefined ? {} : { domainKeyPeriod }),
    onCall(record: CallRecord) {
      metrics.count(record)
      log.call(record)
    },
    onFailure: log.failure,
  }
}

/** The address that it listens on; but every page in a browser can name the address that stands for all. */
function ownNames(host: string): readonly string[] {
  if (host === '0.0.0.0' || host === '::') return []
  return [host.includes(':') ? `[${host}]` : host]
}

function listenAdmin(kms: LocalKms, port: number, { failure }: Log): Promise<HttpServer> {
  return listen({ entry: createAdmin(kms, failure), host: LOOPBACK, port, tls: undefined, allowHost: [], pages: {} })
}

/** Whoever can reach the port can use the keys, unless signatures are checked; and can read them going by, without TLS. */
function checkExposure({ host = LOOPBACK, tls, seed, auth, insecure }: ServerOptions): void {
  if (isLoopback(host) || insecure === true) return
  const checksSignatures = (seed?.credentials ?? []).length > 0 && auth !== 'off'
  if (tls === undefined || !checksSignatures) {
    throw new TypeError(
      `listening on ${host} needs a TLS certificate and credentials in the seed; set insecure to go without them`,
    )
  }
}
