import { defineConfig } from 'vitest/config'

const tenMinutes = 600_000

/** What is published, tried as its users get it: `npm run test:packaging`. Slow, for it installs and builds from nothing. */
export default defineConfig({
  test: {
    include: ['tools/packaging/**/*.test.ts'],
    globalSetup: ['tools/packaging/built-checkout.ts'],
    testTimeout: tenMinutes,
    hookTimeout: tenMinutes,
  },
})
