import type { Group, Leaf } from './command.ts'

export interface VectorsRunFlags {
  readonly json?: string
  readonly keys?: string
  readonly kmsSeed?: string
  readonly allowNet400: boolean
  readonly force: boolean
}

export interface VectorsGenerateFlags {
  readonly kmsSeed?: string
}

const run: Leaf = {
  name: 'run',
  summary: 'decrypt the test vectors of any implementation, and compare',
  examples: [
    { does: 'run the vectors of the AWS Encryption SDK for Python', line: 'bongtu vectors run python-2.3.0.zip' },
    { does: 'keep what came of each', line: 'bongtu vectors run v4-Net-4.0.1.zip --json results.json' },
  ],
  define(command) {
    command
      .argument('<source>', 'a folder or zip archive with an awses-decrypt manifest, or the JSON file itself')
      .option('--json <file>', 'write the result of each vector to a JSON file')
      .option('--keys <file>', 'use this keys manifest instead of the one that the vectors name')
      .option('--kms-seed <file>', 'put a KMS with the keys of this seed in the place of AWS KMS')
      .option('--allow-net-400', 'also open what the AWS Encryption SDK for .NET 4.0.0 wrote', false)
      .option('-f, --force', 'replace the JSON file', false)
  },
  async run([source], flags, io) {
    const { runVectors } = await import('../jobs/vectors-run.ts')
    await runVectors(source as string, flags as VectorsRunFlags, io)
  },
}

const generate: Leaf = {
  name: 'generate',
  summary: 'write test vectors for other implementations: every suite, frame length, size, context and kind of key',
  examples: [
    { does: 'write vectors, and run them', line: 'bongtu vectors generate vectors && bongtu vectors run vectors' },
    {
      does: 'write vectors under keys of AWS KMS as well, whose material the seed fixes',
      line: 'bongtu vectors generate vectors --kms-seed seed.yaml && bongtu vectors run vectors --kms-seed seed.yaml',
    },
  ],
  define(command) {
    command
      .argument('<folder>', 'a folder that does not exist, or is empty')
      .option('--kms-seed <file>', 'also use the keys of this seed, each with its material, as keys of AWS KMS')
  },
  async run([folder], flags, io) {
    const { generateVectors } = await import('../jobs/vectors-generate.ts')
    await generateVectors(folder as string, flags as VectorsGenerateFlags, io)
  },
}

export const vectors: Group = {
  name: 'vectors',
  summary: 'run and write test vectors of the message format',
  commands: [run, generate],
}
