import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const folder = dirname(dirname(fileURLToPath(import.meta.url)))
const mostLines = 40

/** What each example prints. */
const examples: Readonly<Record<string, string>> = {
  'encrypt-a-field.ts': 'row 1: fractured wrist; its field moved to row 2: ERR_CONTEXT\n',
  'encrypt-a-file.ts': '1300000 bytes encrypted and decrypted: identical\n',
  'range-read.ts': 'line 054321, one of 100000, for less than 2 %: true\n',
  'several-keys.ts': 'the recovery key alone opens: hello\nanother key: ERR_NO_KEY, 2 encrypted data keys tried\n',
  'rsa-recipient.ts': 'the recipient reads "salary: 1", the writer ERR_NO_KEY\n',
  'web-streams.ts': '300000 characters through AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384\n',
  'required-context.ts': 'the header shows kind; with the tenant: hello; without: ERR_NO_KEY\n',
  'custom-keyring.ts': 'by way of the service: hello\n',
  'data-key-cache.ts':
    '1000 records encrypted with 5 calls\n1000 records decrypted with 5 calls: record 999\n1990 calls saved; 9890 bytes under cached data keys\n',
}

const run = async (file: string): Promise<string> => {
  const fromSource = ['--import', 'tsx', '--conditions=@bongtu/source']
  const { stdout } = await promisify(execFile)(process.execPath, [...fromSource, join(folder, file)])
  return stdout
}

describe.concurrent('the examples', () => {
  it.each(Object.entries(examples))('%s runs and prints what it says', async (file, prints) => {
    expect(await run(file)).toBe(prints)
  })
})

describe('an example', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'))

  it('is run by this test', () => {
    expect(files.sort()).toEqual(Object.keys(examples).sort())
  })

  it.each(files)('fits a screen: %s', (file) => {
    expect(readFileSync(join(folder, file), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(mostLines)
  })
})
