import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import { decrypt, encrypt } from '@bongtu/client'
import { localHsm, pkcs11Token } from '@bongtu/hsm'
import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { plantAesKey, rawModule } from './support/raw-module.ts'
import { softHsmToken } from './support/softhsm.ts'

const place = softHsmToken()
const token = pkcs11Token({ uri: place.uri, pin: { file: place.pinFile } })

describe('an AES key in a token and a copy of it in the AWS Encryption SDK for JavaScript', () => {
  const key = randomBytes(32)
  const [namespace, name] = ['foreign', 'kek']
  const context = { tenant: 'acme' }
  const ours = localHsm({ token, key: name, namespace, name })
  const theirs = new RawAesKeyringNode({
    keyNamespace: namespace,
    keyName: name,
    unencryptedMasterKey: Uint8Array.from(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })
  const sdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const plaintext = Buffer.from('from one to the other')

  beforeAll(async () => {
    plantAesKey(await rawModule(place), key, { label: name })
  })

  it('opens there what was written under the token', async () => {
    const { ciphertext } = await encrypt(plaintext, { keyring: ours, encryptionContext: context })
    const opened = await sdk.decrypt(theirs, Buffer.from(ciphertext))
    expect(opened.plaintext.equals(plaintext)).toBe(true)
  })

  it('opens under the token what was written there', async () => {
    const { result } = await sdk.encrypt(theirs, plaintext, { encryptionContext: context })
    const opened = await decrypt(result, { keyring: ours, encryptionContext: context })
    expect(Buffer.from(opened.plaintext).equals(plaintext)).toBe(true)
  })
})

/** Messages that the AWS Encryption SDK for .NET 4.0.1 wrote; they lie beside the repository, which does not hold them. */
const archive = new URL('../../../../shared/vectors/v4-Net-4.0.1.zip', import.meta.url)
const present = existsSync(archive)
const title = `messages of the .NET SDK 4.0.1${present ? '' : ' (not run: ../shared/vectors is not there)'}`

interface Case {
  readonly ciphertext: string
  readonly 'master-keys': readonly {
    readonly key: string
    readonly 'provider-id': string
    readonly 'encryption-algorithm': string
  }[]
  readonly 'encryption-context': Record<string, string>
  readonly result: { readonly output: { readonly plaintext: string } }
}

describe.runIf(present)(title, () => {
  it('open under their AES keys, planted into a token: 33, three for each suite', async () => {
    const files = unzipSync(readFileSync(archive))
    const file = (uri: string): Uint8Array => files[uri.replace('file://', '')] ?? new Uint8Array(0)
    const json = (uri: string): unknown => JSON.parse(new TextDecoder().decode(file(uri)))
    const { tests } = json('file://manifest.json') as { tests: Record<string, Case> }
    const { keys } = json('file://keys.json') as { keys: Record<string, { material: string; 'key-id': string }> }
    const raw = await rawModule(place)
    const planted = new Set<string>()
    const chosen = Object.values(tests).filter(
      ({ 'master-keys': [one, ...others] }) => others.length === 0 && one?.['encryption-algorithm'] === 'aes',
    )
    expect(chosen).toHaveLength(33)
    for (const each of chosen) {
      const [master] = each['master-keys']
      const entry = keys[master?.key ?? '']
      if (master === undefined || entry === undefined) throw new Error('no key')
      const label = entry['key-id']
      if (!planted.has(label)) plantAesKey(raw, Buffer.from(entry.material, 'base64'), { label })
      planted.add(label)
      const { plaintext } = await decrypt(file(each.ciphertext), {
        keyring: localHsm({ token, key: label, namespace: master['provider-id'], name: label }),
        encryptionContext: each['encryption-context'],
        commitmentPolicy: 'require-encrypt-allow-decrypt',
      })
      expect(Buffer.from(plaintext).equals(file(each.result.output.plaintext))).toBe(true)
    }
  })
})
