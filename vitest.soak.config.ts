import { defineConfig } from 'vitest/config'
import { conditions } from './vitest.config.ts'

const hour = 3_600_000

/** The long checks, which CI does not run: `npm run soak`. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['{packages/*,test-vectors,tools}/soak/**/*.test.ts'],
    testTimeout: hour,
    hookTimeout: hour,
  },
})
