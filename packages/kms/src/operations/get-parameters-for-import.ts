import type { Operation } from '../call.ts'
import { toSeconds } from '../clock.ts'
import type { WrappingAlgorithm, WrappingKeySpec } from '../hsm/port.ts'
import { keyArn } from '../keys/arn.ts'
import { openKey } from '../keys/resolve.ts'
import { toBase64 } from '../model/base64.ts'
import type { ValueOf } from '../model/types.ts'
import { KmsError } from '../wire/errors.ts'

const ALGORITHMS = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
] as const
const SPECS = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const

export const getParametersForImport: Operation<'GetParametersForImport'> = async (call, input) => {
  const key = await openKey(call, input.KeyId, 'GetParametersForImport')
  const { account, region, keyId } = key
  const parameters = {
    key: { account, region, keyId },
    wrappingKeySpec: supportedSpec(input.WrappingKeySpec),
    wrappingAlgorithm: supportedAlgorithm(input.WrappingAlgorithm),
  }
  const { domain, rsaGenerations } = call.kms
  const { publicKey, importToken, validTo } = await rsaGenerations.take(() =>
    domain.hsm.execute('createImportParameters', parameters),
  )
  return {
    KeyId: keyArn(key),
    ImportToken: toBase64(importToken),
    PublicKey: toBase64(publicKey),
    ParametersValidTo: toSeconds(validTo),
  }
}

function supportedAlgorithm(algorithm: ValueOf<'AlgorithmSpec'>): WrappingAlgorithm {
  const found = ALGORITHMS.find((one) => one === algorithm)
  if (found === undefined) throw unsupported('wrapping algorithm', algorithm)
  return found
}

function supportedSpec(spec: ValueOf<'WrappingKeySpec'>): WrappingKeySpec {
  const found = SPECS.find((one) => one === spec)
  if (found === undefined) throw unsupported('wrapping key spec', spec)
  return found
}

function unsupported(what: string, name: string): KmsError {
  return new KmsError('UnsupportedOperationException', `The ${what} ${name} is not supported.`)
}
