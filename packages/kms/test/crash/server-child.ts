/** Serves the data folder of its first argument, prints the URLs of the API and the admin port, and waits to be killed. */
import { startServer } from '../../src/index.ts'

const directory = process.argv[2]
if (directory === undefined) throw new Error('usage: server-child FOLDER')
const open = { auth: 'off', adminClock: true } as const
const { url, adminUrl } = await startServer({ place: { directory }, ...open, port: 0, adminPort: 0, logLevel: 'error' })
process.stdout.write(`${JSON.stringify({ url, adminUrl })}\n`)
