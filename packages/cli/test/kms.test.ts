import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { type Answer, bongtu } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const kms = (...argv: readonly string[]): Promise<Answer> =>
  bongtu(['kms', ...argv], { env: { BONGTU_HOME: folder.at('home') } })
const out = ({ stdout }: Answer): string => stdout.toString()

async function overviews(...argv: readonly string[]) {
  const { code, stdout } = await kms('keys', '--json', ...argv)
  expect(code).toBe(0)
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

describe('bongtu kms create-key', () => {
  it('makes a KMS in BONGTU_HOME, and a key in it, and prints its ARN', async () => {
    const { code, stdout } = await kms('create-key')
    expect(code).toBe(0)
    expect(stdout.toString()).toMatch(/^arn:aws:kms:us-east-1:111122223333:key\/[0-9a-f-]{36}\n$/)
    expect(await folder.list()).toEqual(expect.arrayContaining(['home/kms/kms.db', 'home/kms/root.key']))
    if (process.platform !== 'win32') expect((await stat(folder.at('home', 'kms'))).mode & 0o777).toBe(0o700)
  })

  it('gives it a name, a description, tags and a rotation, in the account and Region that were named', async () => {
    const place = ['--account', '444455556666', '--region', 'eu-west-3']
    const made = ['--alias', 'alias/orders', '--description', 'of the shop', '--rotation-days', '90', '--tag', 'a=b=c']
    const { code, stderr } = await kms('create-key', ...place, ...made)
    expect([code, stderr]).toEqual([0, ''])
    const [key] = await overviews()
    expect(key).toMatchObject({ account: '444455556666', region: 'eu-west-3', aliases: ['alias/orders'] })
    expect(key.description).toBe('of the shop')
    expect(Date.parse(key.nextRotation) - Date.parse(key.createdAt)).toBeCloseTo(90 * 86_400_000, -4)
  })

  it.each([
    ['in the folder of the user', () => []],
    ['in another folder', () => ['--data', folder.at('other kms')]],
    ['of another Region', () => ['--region', 'eu-west-3']],
  ])('tells the key URI of a key %s, which leads to it', async (_, place) => {
    const argv = place()
    const data = argv[0] === '--data' ? argv : []
    const made = await kms('create-key', '--alias', 'alias/orders', ...argv)
    const [, uri = ''] = /-k '([^']+)'/.exec(made.stderr) ?? []
    const options = { env: { BONGTU_HOME: folder.at('home') }, stdin: 'x' }
    const sealed = await bongtu(['encrypt', '-k', uri, '--json', '-o', folder.at('x.esdk')], options)
    expect([sealed.code, out(sealed)]).toEqual([0, expect.stringContaining(out(made).trim())])
    expect(await overviews(...data)).toHaveLength(1)
  })

  it('makes nothing where the name is taken', async () => {
    const arn = out(await kms('create-key', '--alias', 'alias/one')).trim()
    const { code, stdout, stderr } = await kms('create-key', '--alias', 'alias/one')
    expect([code, stdout.length]).toEqual([1, 0])
    expect(stderr).toContain(`alias/one leads to ${arn} already`)
    expect(await overviews()).toHaveLength(1)
  })

  it.each([
    ['--alias', 'one'],
    ['--alias', 'alias/aws/s3'],
    ['--alias', 'alias/é'],
    ['--alias', 'alias/a:b'],
    ['--rotation-days', '89'],
    ['--rotation-days', '2561'],
    ['--account', '12345'],
    ['--region', 'moon'],
    ['--tag', 'novalue'],
  ])('refuses %s %s as a mistake, and makes nothing', async (...argv) => {
    expect((await kms('create-key', ...argv)).code).toBe(2)
    expect(await folder.list()).toEqual([])
  })

  it('refuses a tag that stands twice', async () => {
    const { code, stderr } = await kms('create-key', '--tag', 'a=1', '--tag', 'a=2')
    expect([code, stderr]).toEqual([2, 'bongtu: --tag gives "a" twice\n'])
  })
})

describe('bongtu kms keys', () => {
  it('shows the hierarchy: key, alias, state, materials, and the domain key they are under', async () => {
    const arn = out(await kms('create-key', '--alias', 'alias/one')).trim()
    await kms('rotate', 'alias/one')
    const [{ materials }] = await overviews()
    const text = out(await kms('keys'))
    expect(text).toContain(`key ${arn}\n  aliases      alias/one\n  state        Enabled\n`)
    const lines = (at: number, does: string) =>
      new RegExp(
        `  material     ${materials[at].id}\n    ${does}\n    its key token is under domain key ${materials[at].domainKey.id}, active, \\d+ seconds? old\n`,
      )
    expect(text).toMatch(lines(0, 'decrypts only'))
    expect(text).toMatch(lines(1, 'encrypts and decrypts, came by the rotation at .* UTC'))
  })

  it('shows names as text that no terminal obeys', async () => {
    await kms('create-key', '--description', '\u001b[2Jgone')
    const text = out(await kms('keys'))
    expect(text).not.toContain('\u001b')
    expect(text).toContain('[2Jgone')
  })

  it('makes no KMS where there is none', async () => {
    const { code, stderr } = await kms('keys', '--data', folder.at('none'))
    expect(code).toBe(1)
    expect(stderr).toContain('holds no KMS\n`bongtu kms create-key` and `bongtu kms start` make one')
    expect(await folder.list()).toEqual([])
  })
})

describe('bongtu kms status', () => {
  it('tells keys, root and domain', async () => {
    await kms('create-key')
    const text = out(await kms('status'))
    expect(text).toContain(`data        ${folder.at('home', 'kms')}\n`)
    expect(text).toContain('domain      version 1, a ring of 1 domain key\n')
    expect(text).toMatch(/domain key {2}active for \d+ seconds?, the next one comes at .* UTC\nkeys {8}1\n$/)
    const facts = JSON.parse(out(await kms('status', '--json')))
    expect(facts).toMatchObject({ keys: 1, version: 1, domainKeys: 1 })
    expect(Date.parse(facts.nextRotation) - Date.parse(facts.activeSince)).toBeCloseTo(86_400_000, -4)
  })

  it('names a key whose policy has a statement that matches nothing', async () => {
    const arn = out(await kms('create-key')).trim()
    expect(JSON.parse(out(await kms('status', '--json'))).policiesToCorrect).toEqual([])
    const file = folder.at('home', 'kms', 'kms.db')
    const store = await readFile(file)
    const resource = Buffer.from(String.raw`\"Resource\" : \"*\"`)
    store.write('x', store.indexOf(resource) + resource.indexOf('*'))
    await writeFile(file, store)
    expect(out(await kms('status'))).toContain(
      `policy      ${arn} has a policy with a statement that matches nothing: put a policy whose statements all have the Resource "*"\n`,
    )
    expect(JSON.parse(out(await kms('status', '--json'))).policiesToCorrect).toEqual([arn])
  })
})

describe('a store that its disk damaged', () => {
  const file = () => folder.at('home', 'kms', 'kms.db')

  /** A key whose key token does not open, and one whose token does. */
  async function damaged() {
    const arn = out(await kms('create-key')).trim()
    const [{ materials }] = await overviews()
    expect((await kms('backup', '-o', folder.at('keys.backup'))).code).toBe(0)
    const store = await readFile(file())
    const at = store.indexOf('"token":"') + 200
    store[at] = store[at] === 0x41 ? 0x42 : 0x41
    await writeFile(file(), store)
    const sound = out(await kms('create-key')).trim()
    const domainKey: string = materials[0].domainKey.id
    const trouble = `quarantine  ${arn} has a key token under domain key ${domainKey} that does not open`
    return { arn, sound, domainKey, trouble }
  }
  const domainKeys = async () => JSON.parse(out(await kms('status', '--json'))).domainKeys

  it('bongtu kms status names the key and the domain key of a key token that does not open', async () => {
    const { arn, domainKey, trouble } = await damaged()
    expect(out(await kms('rotate', '--domain'))).toContain('every key token that opens is under its new domain key')
    expect(out(await kms('status'))).toContain(`${trouble}\n`)
    const facts = JSON.parse(out(await kms('status', '--json')))
    expect(facts).toMatchObject({ version: 2, ringFull: false, quarantine: [{ key: arn, domainKey, givenUp: false }] })
  })

  it('bongtu kms doctor fails if there is no KMS, and says that a whole one is healthy', async () => {
    expect((await kms('doctor')).code).toBe(1)
    await kms('create-key')
    expect(await kms('doctor')).toMatchObject({ code: 0, stdout: Buffer.from('healthy     every key token opens\n') })
  })

  it('bongtu kms doctor ends with exit code 7 while a key token does not open', async () => {
    const { arn, trouble } = await damaged()
    const found = await kms('doctor')
    expect([found.code, out(found), found.stderr]).toEqual([7, `${trouble}\n`, ''])
    const json = await kms('doctor', '--json')
    expect([json.code, JSON.parse(out(json)).quarantine]).toEqual([7, [expect.objectContaining({ key: arn })]])
  })

  it.each([
    ['without a passphrase', []],
    ['with a passphrase', ['--passphrase-file']],
  ])('bongtu kms doctor puts the token back from a backup %s', async (_how, option) => {
    const secret = folder.at('secret')
    await writeFile(secret, 'correct horse battery\n', { mode: 0o600 })
    const passphrase = option.flatMap((name) => [name, secret])
    const first = out(await kms('create-key')).trim()
    await kms('backup', '-o', folder.at('own.backup'), ...passphrase)
    const store = await readFile(file())
    const at = store.indexOf('"token":"') + 200
    store[at] = store[at] === 0x41 ? 0x42 : 0x41
    await writeFile(file(), store)
    for (let i = 0; i < 3; i++) await kms('rotate', '--domain')
    expect((await kms('doctor')).code).toBe(7)
    const repaired = await kms('doctor', '--from-backup', folder.at('own.backup'), ...passphrase)
    expect([repaired.code, out(repaired)]).toEqual([0, `put back    ${first}\nhealthy     every key token opens\n`])
    const [{ materials }] = await overviews()
    expect(materials[0].domainKey.active).toBe(true)
  })

  it('bongtu kms doctor refuses a backup of another root, and puts nothing back', async () => {
    const { trouble } = await damaged()
    await kms('create-key', '--data', folder.at('other'))
    await kms('backup', '--data', folder.at('other'), '-o', folder.at('other.backup'))
    const refused = await kms('doctor', '--from-backup', folder.at('keys.backup'), '--data', folder.at('other'))
    expect(refused.code).toBe(0)
    expect((await kms('doctor', '--from-backup', folder.at('other.backup'))).code).not.toBe(0)
    expect(out(await kms('doctor'))).toContain(trouble)
  })

  it('bongtu kms doctor --give-up lets the domain key leave, and keeps the record', async () => {
    const { arn, sound, trouble } = await damaged()
    for (let i = 0; i < 9; i++) await kms('rotate', '--domain')
    expect(await domainKeys()).toBe(9)
    expect(await kms('doctor', '--give-up', sound)).toMatchObject({ code: 1, stdout: Buffer.from('') })
    const given = await kms('doctor', '--give-up', arn)
    expect([given.code, out(given)]).toEqual([0, `${trouble}; it is given up\n`])
    await kms('rotate', '--domain')
    expect(await domainKeys()).toBe(8)
    expect(out(await kms('status'))).toContain(trouble)
    const back = await kms('doctor', '--from-backup', folder.at('keys.backup'))
    expect([back.code, out(back)]).toEqual([0, expect.stringContaining(`put back    ${arn}\n`)])
  }, 60_000)

  it.each([
    [['--give-up', 'alias/one']],
    [['--give-up', 'arn:aws:kms:us-east-1:111122223333:key/a', '--from-backup', 'x']],
    [['--passphrase-file', 'x']],
  ])('bongtu kms doctor refuses %s as a mistake', async (argv) => {
    await kms('create-key')
    expect((await kms('doctor', ...argv)).code).toBe(2)
  })
})

describe('bongtu kms rotate', () => {
  it.each(['alias', 'id', 'arn'])('gives a key new material, named by its %s', async (how) => {
    const arn = out(
      await kms('create-key', '--alias', 'alias/one', '--account', '444455556666', '--region', 'eu-west-3'),
    ).trim()
    const place = ['--account', '444455556666', '--region', 'eu-west-3']
    const named = { alias: ['alias/one', ...place], id: [arn.split('/')[1] ?? '', ...place], arn: [arn] }[how] ?? []
    const { code, stdout } = await kms('rotate', ...named)
    expect(code).toBe(0)
    const [{ materials }] = await overviews()
    expect(materials).toHaveLength(2)
    expect(stdout.toString()).toBe(`${arn} encrypts under material ${materials[1].id} now\n`)
  })

  it('makes a new domain key, and moves every token under it', async () => {
    await kms('create-key')
    const [before] = await overviews()
    const { code, stdout } = await kms('rotate', '--domain')
    expect([code, stdout.toString()]).toEqual([
      0,
      'version 2 of the domain: every key token is under its new domain key\n',
    ])
    const [after] = await overviews()
    expect(after.materials[0].id).toBe(before.materials[0].id)
    expect(after.materials[0].domainKey.id).not.toBe(before.materials[0].domainKey.id)
  })

  it('wants either a key or --domain', async () => {
    expect((await kms('rotate')).code).toBe(2)
    expect((await kms('rotate', 'alias/one', '--domain')).code).toBe(2)
  })

  it('fails with what the KMS says', async () => {
    await kms('create-key')
    const { code, stderr } = await kms('rotate', 'alias/none')
    expect(code).toBe(1)
    expect(stderr).toContain('DescribeKey: NotFoundException: Alias arn:aws:kms:us-east-1:111122223333:alias/none')
  })
})

describe('bongtu kms backup and restore', () => {
  const passphrase = async (text: string): Promise<string> => {
    const path = folder.at('passphrase')
    await writeFile(path, text, { mode: 0o600 })
    return path
  }

  it('without a passphrase: opens beside the root key, and nowhere else', async () => {
    const arn = out(await kms('create-key')).trim()
    const { code, stderr } = await kms('backup', '-o', folder.at('backup'))
    expect([code, stderr]).toEqual([
      0,
      `bongtu: the backup opens only with ${folder.at('home', 'kms', 'root.key')}, which is not in it: keep both, and keep them apart\n`,
    ])
    const elsewhere = await kms('restore', folder.at('backup'), '--data', folder.at('new'))
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.stderr).toContain('root.key is missing')
    expect((await kms('status', '--data', folder.at('new'))).stderr).toContain('holds no KMS')
    await copyFile(folder.at('home', 'kms', 'root.key'), folder.at('new', 'root.key'))
    expect((await kms('restore', folder.at('backup'), '--data', folder.at('new'))).code).toBe(0)
    expect((await overviews('--data', folder.at('new'))).map((key) => key.arn)).toEqual([arn])
  })

  it('with a passphrase: opens anywhere, under a new root key; the line end does not belong to it', async () => {
    const arn = out(await kms('create-key')).trim()
    const sealed = await kms('backup', '-o', folder.at('b'), '--passphrase-file', await passphrase('correct horse\r\n'))
    expect([sealed.code, sealed.stderr]).toEqual([0, ''])
    const restore = ['restore', folder.at('b'), '--data', folder.at('new')]
    expect(await kms(...restore)).toMatchObject({ code: 2, stderr: expect.stringContaining('sealed by a passphrase') })
    const wrong = await kms(...restore, '--passphrase-file', await passphrase('correct house'))
    expect(wrong.code).toBe(1)
    expect((await kms(...restore, '--passphrase-file', await passphrase('correct horse'))).code).toBe(0)
    expect((await overviews('--data', folder.at('new'))).map((key) => key.arn)).toEqual([arn])
    const roots = [folder.at('home', 'kms', 'root.key'), folder.at('new', 'root.key')].map((path) => readFile(path))
    const [one, other] = await Promise.all(roots)
    expect(one).not.toEqual(other)
  })

  it('refuses a passphrase that is too short, a file that is there, and a folder that is not empty', async () => {
    await kms('create-key')
    const short = await kms('backup', '-o', folder.at('b'), '--passphrase-file', await passphrase('1234567'))
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('8')])
    expect((await kms('backup', '-o', folder.at('b'))).code).toBe(0)
    expect((await kms('backup', '-o', folder.at('b'))).code).toBe(1)
    expect((await kms('backup', '-o', folder.at('b'), '--force')).code).toBe(0)
    const full = await kms('restore', folder.at('b'))
    expect([full.code, full.stderr]).toEqual([1, expect.stringContaining('restore into an empty store')])
    await mkdir(folder.at('home', 'other'))
    await writeFile(folder.at('junk'), 'no backup')
    expect((await kms('restore', folder.at('junk'), '--data', folder.at('c'))).code).toBe(2)
  })

  it('keeps the root in a passphrase instead of a file', async () => {
    const root = ['--data', folder.at('p'), '--root-passphrase-file', await passphrase('a long passphrase\n')]
    expect((await kms('create-key', ...root)).code).toBe(0)
    expect(await folder.list()).not.toContain('p/root.key')
    expect(out(await kms('status', ...root))).toContain('root key    derived from a passphrase\n')
    const { code, stderr } = await kms('keys', '--data', folder.at('p'))
    expect(code).toBe(1)
    expect(stderr).toContain('root.key is missing')
  })
})
