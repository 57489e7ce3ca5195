import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { readAccessKey } from '@bongtu/kms'
import { describe, expect, it } from 'vitest'
import { bongtu } from './support/bongtu.ts'
import { exitOf, shell, startBongtu } from './support/spawn.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const data = () => folder.at('kms')

/** A server on the folder, started and stopped. */
const startedOnce = (...options: readonly string[]) =>
  bongtu(['kms', 'start', '--data', data(), '--listen', '127.0.0.1:0', '--log-level', 'silent', ...options], {
    signal: AbortSignal.abort(),
  })

const credentials = (...options: readonly string[]) => bongtu(['kms', 'credentials', '--data', data(), ...options])

describe('bongtu kms credentials', () => {
  it('prints lines that set the access key in a shell, and take away a session of AWS', async () => {
    await startedOnce()
    const { code, stdout, stderr } = await credentials()
    expect([code, stderr]).toEqual([0, ''])
    const { accessKeyId, secretAccessKey } = readAccessKey(data())
    const lines = [`export AWS_ACCESS_KEY_ID=${accessKeyId}`, `export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`]
    expect(stdout.toString()).toBe(`${[...lines, 'unset AWS_SESSION_TOKEN'].join('\n')}\n`)
    const program = `${stdout}printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; printenv AWS_SESSION_TOKEN || echo gone`
    const set = await shell(program, { AWS_SESSION_TOKEN: 'of AWS' })
    expect(set.stdout.toString()).toBe(`${accessKeyId}\n${secretAccessKey}\ngone\n`)
  })

  it('is printed again and again, and changes with --rotate alone', async () => {
    await startedOnce()
    const first = (await credentials()).stdout.toString()
    expect((await credentials()).stdout.toString()).toBe(first)
    const second = (await credentials('--rotate')).stdout.toString()
    expect(second).not.toBe(first)
    expect((await credentials()).stdout.toString()).toBe(second)
    await startedOnce()
    expect((await credentials()).stdout.toString()).toBe(second)
    expect((await stat(folder.at('kms/access-key.json'))).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['a folder without an access key', [], 'access-key.json is missing: `bongtu kms start` makes it'],
    ['a folder without a KMS', ['--rotate'], 'holds no KMS'],
  ])('fails for %s', async (_what, options, words) => {
    await mkdir(data())
    const { code, stdout, stderr } = await credentials(...options)
    expect([code, stdout.toString(), stderr]).toEqual([1, '', expect.stringContaining(words)])
    expect(await folder.list()).toEqual(['kms'])
  })

  it('fails for an access key that others can read, and makes a new one with --rotate', async () => {
    await startedOnce()
    await chmod(folder.at('kms/access-key.json'), 0o644)
    const { code, stdout, stderr } = await credentials()
    expect([code, stdout.toString(), stderr]).toEqual([1, '', expect.stringContaining('kms credentials --rotate')])
    expect((await credentials('--rotate')).code).toBe(0)
    expect((await credentials()).code).toBe(0)
  })

  it('knows one access key where several processes start at once', async () => {
    const argv = ['kms', 'start', '--data', data(), '--listen', '127.0.0.1:0', '--log-level', 'silent']
    const children = Array.from({ length: 3 }, () => startBongtu(...argv))
    const keys = children.map(async (child) => {
      const exit = exitOf(child)
      await new Promise((resolve) => child.stdout?.once('data', resolve))
      const text = await readFile(folder.at('kms/access-key.json'), 'utf8')
      child.kill('SIGTERM')
      return [(await exit).code, text]
    })
    const [first, ...others] = await Promise.all(keys)
    expect(first?.[0]).toBe(0)
    for (const other of others) expect(other).toEqual(first)
    expect((await folder.list()).filter((name) => name.includes('access-key'))).toEqual(['kms/access-key.json'])
  }, 60_000)
})
