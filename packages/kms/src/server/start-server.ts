import { record } from '@bongtu/crypto/options'
import { accessKeyFile, ensureAccessKey } from '../access-key/access-key-file.ts'
import { watchedAccessKey } from '../access-key/watched-access-key.ts'
import type { KmsSettings } from '../kms-settings.ts'
import { type LocalKms, type LocalKmsOptions, type OpenKms, openKms } from '../local-kms.ts'
import type { KmsPlace } from '../place.ts'
import type { CallRecord } from '../wire/entry.ts'
import { createAdmin } from './admin.ts'
import { printDomain } from './domain-metrics.ts'
import { createBodyGuard, createGuard, type Guard } from './guard.ts'
import { isLoopback } from './hosts.ts'
import { type HttpServer, listen, type Pages, textPage } from './http-server.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { readServerOptions, type ServerOptions } from './server-options.ts'

export type { ServerOptions }

/** A KMS that listens. */
export interface KmsServer {
  /** Such as `http://127.0.0.1:4599`. */
  readonly url: string
  readonly adminUrl: string | undefined
  /** The file of the access key that requests must be signed with; `undefined` where the seed has credentials, or none are asked for. */
  readonly accessKeyFile: string | undefined
  /** Whether signatures are checked. */
  readonly auth: 'enforce' | 'off'
  readonly kms: LocalKms
  /** Takes no new connections, lets requests under way finish for at most 10 seconds, and closes the KMS. */
  close(): Promise<void>
}

export const DEFAULT_PORT = 4599
const LOOPBACK = '127.0.0.1'
/** Milliseconds that requests under way may take when the server stops. */
const GRACE = 10_000

/** Opens a KMS and listens. Fails with a TypeError for options that contradict each other, and as `localKms` does. */
export async function startServer(given: ServerOptions): Promise<KmsServer> {
  const options = readServerOptions(given)
  const { place, seed = {}, host = LOOPBACK, port = DEFAULT_PORT, logLevel = 'info', writeLog } = options
  checkExposure(options)
  // A KMS without a server needs no logger.
  const { createLog } = await import('./log.ts')
  const log = createLog(logLevel, writeLog)
  const metrics = createMetrics()
  const keyFolder = keyFolderOf(options)
  const ownKey = keyFolder === undefined ? undefined : watchedAccessKey(keyFolder, log.failure)
  const opened = await openKms(record<LocalKmsOptions>(place, settingsOf(options, log, metrics)), seed, ownKey)
  const { kms } = opened
  const guard = createGuard(opened.authentication, opened.authenticate)
  const auth = opened.authentication.enforce ? 'enforce' : 'off'
  let health = 'ok'
  const failed = (error: unknown): string => {
    log.failure(error)
    return 'failed'
  }
  const word = (text: string, isGood: boolean) => textPage(isGood ? 200 : 503, 'text/plain', `${text}\n`)
  const pages: Pages = {
    '/healthz': () => word(health, health === 'ok'),
    '/readyz': async () => {
      const readiness = health === 'ok' ? await kms.readiness().catch(failed) : health
      return word(readiness, readiness === 'ready')
    },
    '/metrics': async (request) => {
      const refusal = guard(request)
      if (refusal !== undefined) return refusal
      const domain = await opened.domainHealth().then(printDomain, (error) => `# ${failed(error)}: see the log\n`)
      return textPage(200, 'text/plain; version=0.0.4', `${metrics.print()}${domain}`)
    },
  }
  const { allowHost = [], tls, adminPort } = options
  const servers: HttpServer[] = []
  const closeAll = async () => {
    kms.faults.clear()
    await Promise.all(servers.map((server) => server.close(GRACE)))
    await kms.close()
  }
  try {
    if (keyFolder !== undefined) await ensureAccessKey(keyFolder)
    const main = await listen({
      entry: kms.entry,
      host,
      port,
      tls,
      allowHost: [...allowHost, ...ownNames(host)],
      pages,
      mayBringBody: createBodyGuard(opened.authentication, 'api'),
    })
    servers.push(main)
    const admin =
      adminPort === undefined ? undefined : await listenAdmin(opened, guard, adminPort, movesClock(options), log)
    if (admin !== undefined) servers.push(admin)
    const keyFile = keyFolder === undefined ? undefined : accessKeyFile(keyFolder)
    log.note('listening', { url: main.url, admin: admin?.url, auth, accessKeyFile: keyFile })
    if (auth === 'off' && isKept(place)) log.warning(OPEN_STORE)
    return {
      url: main.url,
      adminUrl: admin?.url,
      accessKeyFile: keyFile,
      auth,
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

function listenAdmin(
  { kms, authentication }: OpenKms,
  guard: Guard,
  port: number,
  movesClock: boolean,
  { failure }: Log,
): Promise<HttpServer> {
  const entry = createAdmin({ kms, guard, movesClock, failed: failure })
  const mayBringBody = createBodyGuard(authentication, 'admin')
  return listen({ entry, host: LOOPBACK, port, tls: undefined, allowHost: undefined, pages: {}, mayBringBody })
}

const OPEN_STORE =
  'signatures are not checked: every process that reaches this port can use and destroy the keys of the data folder'

/** Whether its keys outlive the process. */
const isKept = (place: KmsPlace): boolean => !('memory' in place)

/** A moved clock deletes kept keys before their time, which cannot be undone. */
const movesClock = ({ place, adminClock }: ServerOptions): boolean => !isKept(place) || adminClock === true

/** The folder for the server's own access key, if requests must be signed and the seed has no credentials. */
function keyFolderOf({ place, seed, auth }: ServerOptions): string | undefined {
  const isSeeded = (seed?.credentials ?? []).length > 0
  return 'directory' in place && !isSeeded && auth !== 'off' ? place.directory : undefined
}

/** Off loopback, the keys need checked signatures against strangers, and TLS against readers of the network. */
function checkExposure(options: ServerOptions): void {
  const { host = LOOPBACK, tls, seed, auth, insecure } = options
  if (isLoopback(host) || insecure === true) return
  const isSeeded = (seed?.credentials ?? []).length > 0
  const checksSignatures = auth !== 'off' && (isSeeded || keyFolderOf(options) !== undefined)
  if (tls === undefined || !checksSignatures) {
    throw new TypeError(
      `listening on ${host} needs a TLS certificate and credentials, of the seed or of a data folder; set insecure to go without them`,
    )
  }
}
