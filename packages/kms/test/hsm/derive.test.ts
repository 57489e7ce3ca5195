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
  {
    key: 'e204d6d466aad507ffaf6d6dab0a5b26152c9e21e764370464e360c8fbc765c6',
    fixedInput:
      '7b03b98d9f94b899e591f3ef264b71b193fba7043c7e953cde23bc5384bc1a6293580115fae3495fd845dadbd02bd6455cf48d0f62b33e62364a3a80',
    output: '770dfab6a6a4a4bee0257ff335213f78',
  },
  {
    key: 'dc60338d884eecb72975c603c27b360605011756c697c4fc388f5176ef81efb1',
    fixedInput:
      '44d7aa08feba26093c14979c122c2437c3117b63b78841cd10a4bc5ed55c56586ad8986d55307dca1d198edcffbc516a8fbe6152aa428cdd800c062d',
    output: '29ac07dccf1f28d506cd623e6e3fc2fa',
  },
  {
    key: 'c4bedbddb66493e7c7259a3bbbc25f8c7e0ca7fe284d92d431d9cd99a0d214ac',
    fixedInput:
      '1c69c54766791e315c2cc5c47ecd3ffab87d0d273dd920e70955814c220eacace6a5946542da3dfe24ff626b4897898cafb7db83bdff3c14fa46fd4b',
    output: '1da47638d6c9c4d04d74d4640bbd42ab814d9e8cc22f4326695239f96b0693f12d0dd1152cf44430',
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
