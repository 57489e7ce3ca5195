import { generateKeyPairSync } from 'node:crypto'
import type { Keyring } from '@bongtu/client'
import { localHsm } from '@bongtu/hsm'
import { rawAes } from '@bongtu/keyrings/raw-aes'
import { rawRsa } from '@bongtu/keyrings/raw-rsa'
import { suiteNamed } from '@bongtu/message-format'
import type { Comparison, Side } from '../measure.ts'
import type { Section } from '../section.ts'
import { setup } from '../sides/setup.ts'
import { benchTokens, RSA_BITS } from '../sides/tokens.ts'

const suite = suiteNamed(0x0478)
const { namespace, name, encryptionContext } = setup
const request = { suite, encryptionContext }
const padding = 'oaep-sha1'
const inProcess = 'key in the process'

/** Callers at a time: one, and as many as a token opens sessions by default. */
const crowds = [1, 8]

interface NamedKeyring {
  readonly name: string
  readonly keyring: Keyring
}

async function* comparisons(): AsyncIterable<Comparison> {
  const tokens = await benchTokens()
  const pem = generateKeyPairSync('rsa', { modulusLength: RSA_BITS })
  const kinds = [
    {
      kind: 'AES-GCM',
      runs: 4000,
      own: rawAes({ namespace, name, key: setup.key }),
      inTokens: tokens.map(({ name: of, token }) => ({
        name: of,
        keyring: localHsm({ token, key: 'kek', namespace, name }),
      })),
    },
    {
      kind: `RSA-${RSA_BITS}`,
      runs: 400,
      own: rawRsa({ namespace, name, padding, ...pem }),
      inTokens: tokens.map(({ name: of, token }) => ({
        name: of,
        keyring: localHsm({ token, key: 'kek', namespace, name, padding }),
      })),
    },
  ]
  for (const { kind, runs, own, inTokens } of kinds) {
    const keyrings: readonly NamedKeyring[] = [{ name: inProcess, keyring: own }, ...inTokens]
    const floors = inTokens.map(({ name: side }) => ({ side, beside: inProcess }))
    for (const callers of crowds) {
      const common = { work: runs, unit: 'data keys', floors }
      const of = `${kind}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`
      yield { ...common, name: `wrap, ${of}`, sides: keyrings.map((each) => wrapping(each, runs, callers)) }
      yield {
        ...common,
        name: `unwrap, ${of}`,
        sides: await Promise.all(keyrings.map((each) => unwrapping(each, runs, callers))),
      }
    }
  }
}

const wrapping = ({ name: side, keyring }: NamedKeyring, runs: number, callers: number): Side => ({
  name: side,
  run: () => crowd(runs, callers, () => keyring.wrapDataKey(request)),
})

async function unwrapping({ name: side, keyring }: NamedKeyring, runs: number, callers: number): Promise<Side> {
  const { encryptedDataKeys } = await keyring.wrapDataKey(request)
  const unwrap = async (): Promise<void> => {
    const opened = await keyring.unwrapDataKey({ ...request, encryptedDataKeys, passedOver: () => {} })
    if (opened === null) throw new Error(`${side} did not unwrap`)
  }
  return { name: side, run: () => crowd(runs, callers, unwrap) }
}

/** Does `once` `runs` times, `callers` at a time. */
async function crowd(runs: number, callers: number, once: () => Promise<unknown>): Promise<void> {
  let left = runs
  const caller = async (): Promise<void> => {
    while (left-- > 0) await once()
  }
  await Promise.all(Array.from({ length: callers }, caller))
}

export const hsm: Section = {
  name: 'hsm',
  title: 'data keys wrapped and unwrapped under keys in tokens',
  comparisons,
}
