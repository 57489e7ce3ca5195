import { aesGcmConformance } from './conformance/aes-gcm.ts'
import { agreementConformance } from './conformance/agreement.ts'
import { exchangeConformance } from './conformance/exchange.ts'
import { framesConformance } from './conformance/frames.ts'
import { kdfConformance } from './conformance/kdf.ts'
import { randomConformance } from './conformance/random.ts'
import { rsaConformance } from './conformance/rsa.ts'
import { signingConformance } from './conformance/signing.ts'
import type { TestApi } from './conformance/test-api.ts'
import type { Engine } from './engine.ts'

export type { Expectation, TestApi } from './conformance/test-api.ts'

/**
 * Defines, with the runner's own functions, the tests that every engine passes: published cases of NIST, the RFCs and
 * Project Wycheproof, and the promises of the port that no published case covers.
 */
export function engineConformance(name: string, engine: Engine, api: TestApi): void {
  api.describe(`engine ${name}`, () => {
    randomConformance(engine, api)
    kdfConformance(engine, api)
    aesGcmConformance(engine, api)
    framesConformance(engine, api)
    signingConformance(engine, api)
    agreementConformance(engine, api)
    rsaConformance(engine, api)
  })
}

/** Defines the tests that each engine reads what each other one writes. */
export function enginesExchange(engines: readonly Engine[], api: TestApi): void {
  api.describe('engines exchange', () => {
    for (const writer of engines) {
      for (const reader of engines) {
        if (writer !== reader) exchangeConformance(writer, reader, api)
      }
    }
  })
}
