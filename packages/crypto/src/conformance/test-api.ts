/** What the suite needs of a test runner. Vitest, Jest, Bun and Deno's BDD module fit as they are. */
export interface TestApi {
  describe(name: string, define: () => void): void
  it(name: string, run: () => void | Promise<void>): void
  expect(actual: unknown): Expectation
}

export interface Expectation {
  toBe(expected: unknown): unknown
  toEqual(expected: unknown): unknown
}
