/** One of many processes that open the same folder: makes sure of the default key, and seals one message under it. */
import { localKms } from '../../src/index.ts'

const directory = process.argv[2] ?? ''
const kms = await localKms({ directory })
const arn = await kms.ensureAlias('alias/bongtu')
const { body } = await kms.entry({
  method: 'POST',
  url: '/',
  headers: { 'x-amz-target': 'TrentService.Encrypt' },
  body: Buffer.from(JSON.stringify({ KeyId: arn, Plaintext: Buffer.from('kept').toString('base64') })),
})
const { CiphertextBlob: sealed } = JSON.parse(Buffer.from(body).toString()) as { CiphertextBlob: string }
await kms.close()
process.send?.({ arn, sealed })
