import { readFile, writeFile } from 'node:fs/promises'
import { suiteById } from '@bongtu/message-format'
import { beforeEach, describe, expect, it } from 'vitest'
import { generateVectors } from '../src/jobs/vectors-generate.ts'
import { fullPlan, type VectorPlan } from '../src/test-vectors/plan.ts'
import { awsKeys, seed, seedText } from './support/aws.ts'
import { bongtu, silentIo } from './support/bongtu.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
let kmsSeed: string

beforeEach(async () => {
  kmsSeed = folder.at('seed.json')
  await writeFile(kmsSeed, seedText)
})

/** Keys of AWS KMS alone. */
const plan: VectorPlan = {
  ...fullPlan,
  suites: [0x0014, 0x0178, 0x0578].map(suiteById),
  frameLengths: [16],
  sizes: () => [0, 17],
  keyKinds: {},
}
const KINDS = ['aws-kms', 'aws-kms-beside-aes', 'aws-kms-mrk', 'aws-kms-mrk-discovery']
const count = 3 * 2 * Object.keys(plan.contexts).length * KINDS.length

const generate = (): Promise<void> => generateVectors(folder.at('v'), { kmsSeed }, silentIo(), plan)

const run = async (...options: string[]) => {
  const { code, stdout } = await bongtu(['vectors', 'run', folder.at('v'), ...options])
  const lines = stdout.toString().trimEnd().split('\n')
  return { code, line: lines.at(-1), lines }
}

describe('vectors generate --kms-seed', () => {
  it('writes messages under keys of the seed, which vectors run --kms-seed opens, now and later', async () => {
    await generate()
    expect(await run('--kms-seed', kmsSeed)).toMatchObject({ code: 0, line: `${count} passed, 0 failed` })
    expect(await run('--kms-seed', kmsSeed)).toMatchObject({ code: 0, line: `${count} passed, 0 failed` })
  })

  it('describes them as other implementations do: keys by ARN, replicas and discovery with their Region', async () => {
    await generate()
    const keys = JSON.parse(await readFile(folder.at('v', 'keys.json'), 'utf8')).keys
    expect(keys[awsKeys.first]).toEqual({ encrypt: true, decrypt: true, type: 'aws-kms', 'key-id': awsKeys.first })
    const { tests } = JSON.parse(await readFile(folder.at('v', 'manifest.json'), 'utf8'))
    const keysOfKind = (kind: string) => tests[`0578-frame_16-size_0-context_none-key_${kind}`]['master-keys']
    expect(KINDS.map(keysOfKind)).toEqual([
      [{ type: 'aws-kms', key: awsKeys.first }],
      [expect.objectContaining({ type: 'raw', key: 'aes-256' }), { type: 'aws-kms', key: awsKeys.first }],
      [{ type: 'aws-kms-mrk-aware', key: awsKeys.mrk.abroad }],
      [
        {
          type: 'aws-kms-mrk-aware-discovery',
          'default-mrk-region': 'eu-west-1',
          'aws-kms-discovery-filter': { partition: 'aws', 'account-ids': ['111122223333'] },
        },
      ],
    ])
  })

  it('refuses a seed without a key, without material, and one that is none', async () => {
    for (const [text, words] of [
      ['{}', 'holds no key'],
      [JSON.stringify({ keys: [{ id: awsKeys.first.slice(-36) }] }), 'no material'],
      [JSON.stringify({ keys: [{ ...seed.keys?.[0], rotations: [{ date: '2020-01-01' }] }] }), 'no material'],
      ['keyz: []', 'unknown member'],
    ] as const) {
      await writeFile(kmsSeed, text)
      const { code, stderr } = await bongtu(['vectors', 'generate', folder.at('v'), '--kms-seed', kmsSeed])
      expect(code).not.toBe(0)
      expect(stderr).toContain(words)
    }
    expect(await folder.list()).toEqual(['seed.json'])
  })
})

describe('vectors run --kms-seed', () => {
  it('skips without it what only AWS KMS opens', async () => {
    await generate()
    const { code, line, lines } = await run()
    expect([code, line]).toEqual([0, `${count / 4} passed, 0 failed, ${(count / 4) * 3} skipped`])
    expect(lines.filter((each) => each.endsWith('needs AWS KMS'))).toHaveLength((count / 4) * 3)
  })

  it('skips keys that the seed lacks, and names them', async () => {
    await generate()
    await writeFile(kmsSeed, JSON.stringify({ keys: seed.keys?.slice(1) }))
    const { code, lines } = await run('--kms-seed', kmsSeed)
    expect(code).toBe(0)
    expect(lines.filter((each) => each.endsWith(`the seed lacks ${awsKeys.first}`)).length).toBeGreaterThan(0)
  })

  it('fails where the material is another', async () => {
    await generate()
    const keys = seed.keys?.map((key) => ({ ...key, material: 'ff'.repeat(32) }))
    await writeFile(kmsSeed, JSON.stringify({ keys }))
    const { code, line } = await run('--kms-seed', kmsSeed)
    expect([code, line]).toEqual([1, `${count / 4} passed, ${(count / 4) * 3} failed`])
  })
})
