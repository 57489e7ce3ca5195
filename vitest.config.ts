import { defineConfig } from 'vitest/config'

const conditions = ['@bongtu/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages/*,test-vectors,examples,tools}/test/**/*.test.ts'],
    testTimeout: 30_000,
  },
})
