import type { SeededKms } from '../test-vectors/seeded-kms.ts'

/** Does work with the KMS that a seed file describes, or with none where no file is given. */
export async function withSeededKms<R>(
  path: string | undefined,
  work: (kms: SeededKms | null) => Promise<R>,
): Promise<R> {
  if (path === undefined) return work(null)
  const [{ seedOf }, { seededKms }, { throwAsUsage }] = await Promise.all([
    import('./kms/seed.ts'),
    import('../test-vectors/seeded-kms.ts'),
    import('./kms/failures.ts'),
  ])
  const kms = await seededKms(await seedOf(path)).catch(throwAsUsage)
  try {
    return await work(kms)
  } finally {
    await kms.close()
  }
}
