import { readFile } from 'node:fs/promises'
import { type KmsPlace, type ServerOptions, startServer } from '@bongtu/kms'
import type { StartFlags } from '../../commands/kms/start.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { throwAsUsage } from './failures.ts'
import { placeOf, settingsOf } from './open.ts'
import { seedOf } from './seed.ts'

const HOUR = 3_600_000

/** `bongtu kms start`: serves until `io.signal` aborts, then lets requests under way finish. */
export async function startKms(flags: StartFlags, io: Io): Promise<void> {
  const server = await startServer(await serverOptions(flags, io)).catch(throwAsUsage)
  io.stdout.write(`${server.url}\n`)
  if (server.adminUrl !== undefined) io.stdout.write(`${server.adminUrl}\n`)
  await aborted(io.signal)
  await server.close()
}

async function serverOptions(flags: StartFlags, io: Io): Promise<ServerOptions> {
  const { listen, adminListen, seed, auth, allowHost, insecure, logLevel, domainKeyHours } = flags
  const tls = await tlsOf(flags)
  return {
    place: await servedPlace(flags, io),
    host: listen.host,
    port: listen.port,
    allowHost,
    insecure,
    logLevel,
    writeLog: (line) => io.stderr.write(line),
    ...settingsOf(flags),
    ...(seed === undefined ? {} : { seed: await seedOf(seed) }),
    ...(auth === undefined ? {} : { auth }),
    ...(tls === undefined ? {} : { tls }),
    ...(adminListen === undefined ? {} : { adminPort: adminListen.port }),
    ...(domainKeyHours === undefined ? {} : { domainKeyPeriod: domainKeyHours * HOUR }),
  }
}

async function servedPlace({ memory, database, ...data }: StartFlags, io: Io): Promise<KmsPlace> {
  if (database !== undefined)
    throw usage('--database: a KMS on PostgreSQL comes in a later version; use --data or --memory')
  return memory === true ? { memory: true } : placeOf(data, io)
}

async function tlsOf({ tlsCert, tlsKey }: StartFlags): Promise<ServerOptions['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) throw usage('--tls-cert and --tls-key belong together')
  return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
