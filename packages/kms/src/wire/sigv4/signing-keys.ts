import { hmacSha256Key } from '@bongtu/crypto/node'

type Mac = (text: string) => Uint8Array

/** More than this many keys a day and Region are nobody's ordinary use; the oldest go. */
const MOST = 1000

/** Derives the key of a credential scope, and keeps it: it is good for the whole day that it names. */
export function createSigningKeys(): (accessKeyId: string, secret: string, date: string, region: string) => Mac {
  const known = new Map<string, { readonly secret: string; readonly mac: Mac }>()
  return (accessKeyId, secret, date, region) => {
    const name = `${accessKeyId}/${date}/${region}`
    const found = known.get(name)
    if (found?.secret === secret) return found.mac
    const dateKey = hmacSha256Key(new TextEncoder().encode(`AWS4${secret}`))(date)
    const regionKey = hmacSha256Key(dateKey)(region)
    const serviceKey = hmacSha256Key(regionKey)('kms')
    const mac = hmacSha256Key(hmacSha256Key(serviceKey)('aws4_request'))
    if (known.size >= MOST) known.delete(known.keys().next().value ?? '')
    known.set(name, { secret, mac })
    return mac
  }
}
