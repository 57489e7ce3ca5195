import { expect, it } from 'vitest'
import { algorithmSuites } from '../src/index.ts'
import { allExchanges, oursToTheirs, somePlaintext, theirsToOurs } from '../test/support/peer-exchange.ts'

for (const suite of algorithmSuites) {
  it(`exchanges messages of every shape, context and key with the npm peer under ${suite.name}`, async () => {
    for (const exchange of allExchanges.filter((each) => each.suite === suite)) {
      const plaintext = somePlaintext(exchange)
      expect(Buffer.compare(await oursToTheirs(exchange, plaintext), plaintext)).toBe(0)
      expect(Buffer.compare(await theirsToOurs(exchange, plaintext), plaintext)).toBe(0)
    }
  })
}
