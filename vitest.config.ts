import { defineConfig } from 'vitest/config'

/** Tests run from source: packages find their siblings' sources through this condition, and nothing is built first. */
export const conditions = ['@bongtu/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages/*,test-vectors,examples,tools}/test/**/*.test.ts'],
    testTimeout: 30_000,
  },
})
