import { describe, expect, it } from 'vitest'
import { algorithmSuites, type DecryptOptions, decrypt, openRange } from '../src/index.ts'
import { chunksOf, numbered, sameBytes } from './support/bytes.ts'
import { type Craft, craft } from './support/craft.ts'
import { drivers } from './support/drivers.ts'
import { codeOf, rejectionCode } from './support/errors.ts'

const open: Pick<DecryptOptions, 'commitmentPolicy'> = { commitmentPolicy: 'require-encrypt-allow-decrypt' }

async function expectToOpen(wanted: Craft, more: Partial<DecryptOptions> = {}): Promise<void> {
  const { message, keyring } = craft(wanted)
  for (const driver of drivers) {
    const { released, error } = await driver.decrypt(chunksOf(message, 61), { keyring, ...open, ...more })
    expect(error).toBeUndefined()
    expect(sameBytes(released, wanted.plaintext)).toBe(true)
  }
}

describe('messages written from the specification by other code open', () => {
  for (const { id, name } of algorithmSuites) {
    it(`under ${name}, framed and not`, async () => {
      for (const size of [0, 1, 15, 16, 17, 100]) {
        await expectToOpen({
          suite: id,
          plaintext: numbered(size),
          context: { b: '2', a: '1', '\u{1f600}': '3', '\u{ff5e}': '4' },
        })
        await expectToOpen({ suite: id, plaintext: numbered(size), frameLength: 0 })
      }
    })
  }

  it('that end in an empty frame behind full ones', async () => {
    for (const suite of [0x0178, 0x0478, 0x0578]) {
      for (const size of [0, 16, 64]) {
        await expectToOpen({ suite, plaintext: numbered(size), emptyFinalFrame: true })
      }
    }
  })

  it('with required encryption context', async () => {
    const requiredContext = { tenant: 'acme', '\u{1f600}': 'x', '\u{ff5e}': 'y' }
    const wanted = { suite: 0x0578, plaintext: numbered(40), requiredContext, context: { a: 'b' } }
    await expectToOpen(wanted, { encryptionContext: { ...requiredContext, a: 'b' } })
    const { message, keyring } = craft(wanted)
    expect(await rejectionCode(decrypt(message, { keyring }))).toBe('ERR_AUTHENTICATION')
  })
})

describe('what the AWS Encryption SDK for .NET 4.0.0 wrote', () => {
  const affected = algorithmSuites.map(({ id }) => id)

  it('is refused by default, by every way in', async () => {
    for (const suite of affected) {
      const { message, keyring } = craft({ suite, plaintext: numbered(40), net400: true })
      for (const driver of drivers) {
        const outcome = await driver.decrypt([message], { keyring, ...open })
        expect(codeOf(outcome.error)).toBe('ERR_AUTHENTICATION')
        expect(outcome.released).toHaveLength(0)
      }
    }
  })

  it('opens with allowNet400Messages, and so does everything else', async () => {
    for (const suite of affected) {
      for (const net400 of [true, false]) {
        await expectToOpen({ suite, plaintext: numbered(40), net400 }, { allowNet400Messages: true })
      }
    }
  })

  it('opens with required context too, which its header tags covered as they should', async () => {
    const requiredContext = { tenant: 'acme' }
    for (const suite of affected) {
      const wanted = { suite, plaintext: numbered(40), requiredContext, net400: true }
      await expectToOpen(wanted, { encryptionContext: requiredContext, allowNet400Messages: true })
    }
  })

  it('opens in parts too', async () => {
    const plaintext = numbered(40)
    const { message, keyring } = craft({ suite: 0x0178, plaintext, net400: true })
    const range = await openRange(message, { keyring, ...open, allowNet400Messages: true })
    expect(sameBytes(await range.read(10, 30), plaintext.subarray(10, 30))).toBe(true)
    expect(await rejectionCode(openRange(message, { keyring, ...open }))).toBe('ERR_AUTHENTICATION')
  })
})
