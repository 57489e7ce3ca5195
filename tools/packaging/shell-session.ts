import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { awsSeed } from './documented-blocks.ts'

export interface ShellSession {
  /** The copy of the built tree that the lines run in. */
  readonly tree: string
  /** An empty folder for what the session needs beside it. */
  readonly scratch: string
  readonly lines: string
  /** Whether the bundled KMS answers to the names of AWS KMS. */
  readonly standsInForAws: boolean
}

const fourMinutes = 240_000
const awsHosts = ['kms.us-east-1.amazonaws.com', 'kms.eu-west-1.amazonaws.com']

/**
 * Runs lines in `sh` as a reader types them, but in namespaces of their own: of the network there is loopback alone, and
 * whatever was started ends with the session. HOME is empty, and the programs are those of Debian. Fails with what they said.
 */
export async function runSession({ tree, scratch, lines, standsInForAws }: ShellSession): Promise<void> {
  const [home, tools] = [join(scratch, 'home'), join(scratch, 'tools')]
  await Promise.all([mkdir(home), mkdir(tools)])
  const nodeFolder = dirname(process.execPath)
  for (const name of ['node', 'npx']) await symlink(join(nodeFolder, name), join(tools, name))
  const hosts = join(scratch, 'hosts')
  await writeFile(hosts, `127.0.0.1 localhost ${standsInForAws ? awsHosts.join(' ') : ''}\n`)
  const script = join(scratch, 'session.sh')
  const setUp = ['ip link set lo up', `mount --bind '${hosts}' /etc/hosts`, 'set -eu', `cd '${tree}'`]
  await writeFile(join(scratch, 'seed.json'), JSON.stringify(awsSeed))
  await writeFile(script, [...setUp, ...(standsInForAws ? awsLines(scratch) : []), lines].join('\n'))
  const env = {
    HOME: home,
    PATH: [tools, join(tree, 'node_modules/.bin'), '/usr/bin', '/bin', '/usr/sbin', '/sbin'].join(':'),
  }
  const asOther = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const namespaces = [...asOther, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  try {
    await promisify(execFile)('/usr/bin/unshare', [...namespaces, '/bin/sh', script], { env, timeout: fourMinutes })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
    throw new Error(`the lines failed:\n${stdout}\n${stderr}`, { cause: error })
  }
}

/** A KMS in memory on the port and under the names of AWS KMS, whose certificate this session alone trusts. */
function awsLines(scratch: string): readonly string[] {
  const [cert, key] = [join(scratch, 'aws.pem'), join(scratch, 'aws.key')]
  const names = awsHosts.map((host) => `DNS:${host}`).join(',')
  const allowed = awsHosts.map((host) => `--allow-host ${host}`).join(' ')
  return [
    `openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 2 -subj /CN=kms -addext subjectAltName=${names} -keyout '${key}' -out '${cert}' 2> /dev/null`,
    `bongtu kms start --memory --seed '${join(scratch, 'seed.json')}' --listen 127.0.0.1:443 --tls-cert '${cert}' --tls-key '${key}' ${allowed} &`,
    `export AWS_CA_BUNDLE='${cert}' NODE_EXTRA_CA_CERTS='${cert}' AWS_ACCESS_KEY_ID=111122223333 AWS_SECRET_ACCESS_KEY=any`,
    'export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1',
    `curl -s --cacert '${cert}' --retry 20 --retry-delay 1 --retry-connrefused https://${awsHosts[1]}/healthz`,
  ]
}
