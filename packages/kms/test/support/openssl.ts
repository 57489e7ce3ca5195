import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs openssl in a folder with the given files, and answers what it left in the file `out`. */
export function openssl(args: readonly string[], files: Readonly<Record<string, Uint8Array | string>> = {}): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'bongtu-openssl-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    return readFileSync(join(folder, 'out'))
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT')
      throw new Error('openssl is missing: apt-get install -y openssl')
    throw error
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A self-signed certificate for localhost and its key, as PEM. */
export function certificate(algorithm: 'EC' | 'RSA' = 'EC'): { cert: string; key: string } {
  const size = { EC: 'ec_paramgen_curve:P-256', RSA: 'rsa_keygen_bits:2048' }[algorithm]
  const key = openssl(['genpkey', '-algorithm', algorithm, '-pkeyopt', size, '-out', 'out']).toString()
  const san = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const args = ['req', '-x509', '-key', 'key', '-days', '1', '-subj', '/CN=localhost', '-addext', san, '-out', 'out']
  return { cert: openssl(args, { key }).toString(), key }
}
