/** Makes key pairs, with a collection of garbage every few allocations, and asks each for its public point. */
import { setFlagsFromString } from 'node:v8'
import { nodeEngine } from '@bongtu/crypto/node'

for (const interval of [5, 7, 11, 13, 17]) {
  setFlagsFromString(`--gc-interval=${interval}`)
  for (let made = 0; made < 2000; made++) void nodeEngine.generateSigningKey('p256')
}
process.stdout.write('made')
