import { counterKdf, nodeEngine } from '@bongtu/crypto/node'
import { describe, expect, it } from 'vitest'
import { freshHsm, KEY_A, text } from './support.ts'

/** CAVP, SP 800-108 counter mode: PRF HMAC_SHA256, counter before the fixed data, 32 bits. */
const CAVP = [
  {
    key: 'dd1d91b7d90b2bd3138533ce92b272fbf8a369316aefe242e659cc0ae238afe0',
    fixedInput:
      '01322b96b30acd197979444e468e1c5c6859bf1b1cf951b7e725303e237e46b864a145fab25e517b08f8683d0315bb2911d80a0e8aba17f3b413faac',
    output: '10621342bfb0fd40046c0e29f2cfdbf0',
  },
]

describe('the derivation of a key for each encryption', () => {
  it.each(CAVP)('§9.4 is the counter mode KDF of SP 800-108 (NIST CAVP $output)', ({ key, fixedInput, output }) => {
    const derived = counterKdf('sha256', Buffer.from(key, 'hex'), Buffer.from(fixedInput, 'hex'), output.length / 2)
    expect(Buffer.from(derived).toString('hex')).toBe(output)
  })

  it('§9.4 derives from the planted backing key and the nonce in the header alone, as documented', async () => {
    const { hsm } = await freshHsm()
    const material = nodeEngine.random(32)
    const planted = { key: KEY_A, ...hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', material) }
    const encryptionContext = { tenant: 'acme' }
    const { ciphertextBlob } = await hsm.execute('encrypt', { ...planted, plaintext: text('hello'), encryptionContext })

    const bytes = Buffer.from(ciphertextBlob)
    const fixedInput = Buffer.concat([
      Buffer.from('bongtu-kms encryption\0'),
      bytes.subarray(38, 54),
      Buffer.from('00000100', 'hex'),
    ])
    const key = counterKdf('sha256', material, fixedInput, 32)
    const context = Buffer.from('\0\0\0\x06tenant\0\0\0\x04acme')
    const opened = nodeEngine
      .aesGcm(key)
      .open(bytes.subarray(108, 120), bytes.subarray(125), Buffer.concat([bytes.subarray(0, 58), context]))
    expect(Buffer.from(opened ?? []).toString()).toBe('bongtu-kms\x01hello')
  })

  it('derives the id of a backing key from material, account and key id, as documented', async () => {
    const { hsm } = await freshHsm()
    const material = nodeEngine.random(32)
    const { account, keyId } = KEY_A
    const scope = `\x0c${account}\x24${keyId}`
    const fixedInput = Buffer.from(`bongtu-kms key material id\0${scope}\0\0\x01\0`)
    const id = counterKdf('sha256', material, fixedInput, 32)
    expect(hsm.plant(KEY_A, 'SYMMETRIC_DEFAULT', material).backingKeyId).toBe(Buffer.from(id).toString('hex'))
  })
})
