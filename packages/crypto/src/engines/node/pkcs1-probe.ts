import { constants, createPrivateKey, privateDecrypt } from 'node:crypto'

// A key for this question only: it protects nothing, and is small so that asking costs little.
const PROBE_KEY = [
  'MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAJfneJRQA2K8RE8sZKvrLjy0XutwhttMdUhyfUU6y3SufPwN9qInl+UE',
  'rWoBI/vUPXBdiQxGV4KUrLI5x4sH9UQJRct9pVPHDnokNk+YQRDmTgqF2nBoGt0y8cWjbf1KJheLDs5NEgxJjVJnW7dwGp4ejukA4rmQ',
  'SwAy2RRh9N19AgMBAAECgYEAgQUpdU9AkOw3WMfr+dmXPBg3RuIcqMcYFqCnpdV6WXCa17tEcBYQ/YQrho3RcmOii33mmXZlfZOp2vcY',
  'dQ4dUo1FJm36TPARLT1P5z72HBwXdm4KhceX145aDQLzIfLgS23QsBl1AXtapJYIhzALBfZD4kUw8nSbZpYrj9iHTEECQQDIdzLCgFu8',
  'U5cWtAzg9BzATHVlX1fW7X3raNcnD7m016+QFtaEEU2LS2N7UngQwdIXLHiqUZT95tsI240L7a0XAkEAwfxZXEpyXXKQ3bEvvImJSzkz',
  'YawV6IhmY31TmsIFmPmlEGZHzF1Dj7JMAMzY+ih/fsRESv/aJwqdd5yp+bhuiwJAaqIlSRsYMRRR4UzDMQIJLS0+oT7XLcfE3G03TVrr',
  'EMxOYhoT38qIchkXAOl8XoWLKLKKOScOVwTu7EZFP9wc3wJASkVX4WIPj3/Bv1+Lq1/tVQO9jHPan4E50nW1gNcwVXWfoTvH2ZMLvwTA',
  '3L2RhZXj2qFClISI/dGuoJE28wmOKQJAO5JVXt8TGTyDzQaRlsq1+dROfjsVTOQ9M8rcBqViPSSGZjT9OruBDUuOW/2KCZAfrxhWcLuV',
  'VqX2x1FiYUNSqQ==',
].join('')
const PROBE_CIPHERTEXT = [
  'IkrE0fu7IbXJeynHsZilE5Xlh0kihj6vTQpmiHPhX5VTD7C+1r/dKYBV79nppoFjQ1KxHpAnbyt6tCFvdt7ldxA5vExfT2Fg3g14zzKL',
  '3Ffy/3Ngpl7+fNL9YxThAIAsCkAa31P5Vq/MmQlFKSqBDq7QIG7LqF+GuLwNFjsda3Y=',
].join('')
const PROBE_ANSWER = 'known answer'

let answer: boolean | undefined

/**
 * Whether this Node decrypts RSA with PKCS #1 v1.5 padding.
 *
 * Since CVE-2023-46809 Node refuses to, unless its OpenSSL rejects implicitly or the fix is reverted by a flag. That
 * depends on the build and its arguments rather than on a version, so it is found out by a known answer.
 */
export function decryptsPkcs1(): boolean {
  answer ??= probe()
  return answer
}

function probe(): boolean {
  const key = createPrivateKey({ key: Buffer.from(PROBE_KEY, 'base64'), format: 'der', type: 'pkcs8' })
  const padding = constants.RSA_PKCS1_PADDING
  try {
    return privateDecrypt({ key, padding }, Buffer.from(PROBE_CIPHERTEXT, 'base64')).toString() === PROBE_ANSWER
  } catch {
    return false
  }
}
