import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type KmsPlace, type KmsServer, type ServerOptions, startServer } from '@bongtu/kms'
import type { StartFlags } from '../../commands/kms/start.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { tell, warn } from '../../terminal/messages.ts'
import { shellWord } from '../../terminal/shell-word.ts'
import { throwAsUsage } from './failures.ts'
import { placeOf, settingsOf } from './open.ts'
import { seedOf } from './seed.ts'

const HOUR = 3_600_000

/** `bongtu kms start`: serves until `io.signal` aborts, then lets requests under way finish. */
export async function startKms(flags: StartFlags, io: Io): Promise<void> {
  const server = await startServer(await serverOptions(flags, io)).catch(throwAsUsage)
  // In one piece: a reader may close the pipe behind the first line.
  const lines = [server.url, server.adminUrl, ...accessKeyLines(server, flags)]
  io.stdout.write(lines.flatMap((line) => (line === undefined ? [] : `${line}\n`)).join(''))
  if (server.auth === 'off') tellOpen(flags, io)
  await aborted(io.signal)
  await server.close()
}

/** Where the access key of the data folder is, and how a shell gets it. The key itself is never printed here. */
function accessKeyLines({ accessKeyFile }: KmsServer, { data }: StartFlags): readonly string[] {
  if (accessKeyFile === undefined) return []
  const folder = data === undefined ? '' : ` --data ${shellWord(data)}`
  return [`access key: ${resolve(accessKeyFile)}`, `eval "$(bongtu kms credentials${folder})"`]
}

function tellOpen({ memory }: StartFlags, io: Io): void {
  if (memory === true) tell(io, 'signatures are not checked, and nothing is kept: every caller can use every key')
  else warn(io, '--auth off: every process that reaches this port can use and destroy the keys of the data folder')
}

async function serverOptions(flags: StartFlags, io: Io): Promise<ServerOptions> {
  const { listen, adminListen, adminClock, seed, auth, allowHost, insecure, logLevel, domainKeyHours } = flags
  const tls = await tlsOf(flags)
  return {
    place: await servedPlace(flags, io),
    host: listen.host,
    port: listen.port,
    allowHost,
    adminClock,
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
