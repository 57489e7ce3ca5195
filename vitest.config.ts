import { defineConfig } from 'vitest/config'

/**
 * Tests run from source: packages find their siblings' sources through the first condition, and nothing is built first.
 * Vitest hands them all to its workers, where `module` would make Node load builds that only bundlers resolve.
 */
export const conditions = ['@bongtu/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages/*,test-vectors,examples,tools}/test/**/*.test.ts'],
    // By default one core is left idle, which is half of a small machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
})
