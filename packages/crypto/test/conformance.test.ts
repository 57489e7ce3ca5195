import { engineConformance, enginesExchange } from '@bongtu/crypto/conformance'
import { nobleEngine } from '@bongtu/crypto/noble'
import { nodeEngine } from '@bongtu/crypto/node'
import { webEngine } from '@bongtu/crypto/web'
import { describe, expect, it } from 'vitest'

const engines = [nodeEngine, webEngine, nobleEngine]

for (const engine of engines) engineConformance(engine.name, engine, { describe, it, expect })
enginesExchange(engines, { describe, it, expect })
