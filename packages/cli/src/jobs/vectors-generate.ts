import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { defaultEngine } from '@bongtu/crypto'
import { generateRsaKeyPair } from '@bongtu/crypto/node'
import type { VectorsGenerateFlags } from '../commands/vectors.ts'
import { refused } from '../failure.ts'
import { randomName } from '../files/partial-file.ts'
import type { Io } from '../io.ts'
import { tell } from '../terminal/messages.ts'
import { type GeneratorKeys, writeVectors } from '../test-vectors/generate.ts'
import { kmsKinds } from '../test-vectors/kms-kinds.ts'
import { fullPlan, type VectorPlan } from '../test-vectors/plan.ts'
import type { SeededKms } from '../test-vectors/seeded-kms.ts'
import { version } from '../version.ts'
import { pem } from './pem.ts'
import { withSeededKms } from './with-seeded-kms.ts'

const RSA_BITS = 2048

/** `bongtu vectors generate`. The folder is there when all of it is. */
export async function generateVectors(
  folder: string,
  { kmsSeed }: VectorsGenerateFlags,
  io: Io,
  plan: VectorPlan = fullPlan,
): Promise<void> {
  await requireEmpty(resolve(folder))
  await withSeededKms(kmsSeed, (kms) => generateWith(folder, kms, io, plan))
}

async function generateWith(folder: string, kms: SeededKms | null, io: Io, plan: VectorPlan): Promise<void> {
  const path = resolve(folder)
  const unfinished = join(dirname(path), `.bongtu-${randomName()}.part`)
  await mkdir(unfinished, { recursive: true })
  try {
    const count = await writeVectors(
      unfinished,
      kms === null ? plan : { ...plan, keyKinds: { ...plan.keyKinds, ...kmsKinds(kms) } },
      { ...(await newKeys()), kms },
      { name: 'bongtu', version: version() },
      io.signal,
    )
    await rename(unfinished, path)
    tell(
      io,
      `wrote ${count} test vectors to ${basename(path)}; run them with \`bongtu vectors run ${folder}${kms === null ? '' : ' --kms-seed FILE'}\``,
    )
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

async function newKeys(): Promise<Omit<GeneratorKeys, 'kms'>> {
  const { publicKeyDer, privateKeyDer } = await generateRsaKeyPair(RSA_BITS)
  const random = (bits: number): Uint8Array => defaultEngine.random(bits / 8)
  return {
    aes: { 128: random(128), 192: random(192), 256: random(256) },
    rsa: {
      bits: RSA_BITS,
      publicPem: pem('PUBLIC KEY', publicKeyDer),
      privatePem: pem('PRIVATE KEY', privateKeyDer),
    },
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  if (entries.length > 0) throw refused(`${folder} is not empty; name a folder that is, or that does not exist`)
}
