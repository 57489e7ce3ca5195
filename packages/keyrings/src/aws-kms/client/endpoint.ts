import { environment } from '#platform'

/** Where partitions that are no part of the public Internet's `amazonaws.com` have their hosts, by the start of the Region. */
const DOMAINS: readonly (readonly [prefix: string, domain: string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['eusc-', 'amazonaws.eu'],
]

/** The endpoint that the usual variables set, if any; `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` switches them off. */
export function configuredEndpoint(): string | undefined {
  if (isTrue('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS')) return undefined
  return environment('AWS_ENDPOINT_URL_KMS') ?? environment('AWS_ENDPOINT_URL')
}

/** AWS's own endpoint of a Region: the one for FIPS 140 where `AWS_USE_FIPS_ENDPOINT` asks for it. */
export function endpointOfRegion(region: string): URL {
  const [, domain = 'amazonaws.com'] = DOMAINS.find(([prefix]) => region.startsWith(prefix)) ?? []
  const service = isTrue('AWS_USE_FIPS_ENDPOINT') ? 'kms-fips' : 'kms'
  return new URL(`https://${service}.${region}.${domain}/`)
}

const isTrue = (variable: string): boolean => environment(variable)?.toLowerCase() === 'true'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * Throws a RangeError for what is no URL of a host alone, and for plain http to another machine unless that is allowed:
 * data keys would cross the network in clear.
 */
export function checkEndpoint(text: string, allowPlainHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(`${JSON.stringify(text)} is no endpoint, such as https://kms.eu-west-1.amazonaws.com`)
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new RangeError(
      `the endpoint ${url.origin} has a path, a query or a password; it is scheme, host and port alone`,
    )
  }
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname) || allowPlainHttp) return url
  throw new RangeError(
    `the endpoint ${url.origin} is neither https nor on this machine: data keys would cross the network in clear (allowPlainHttp allows it)`,
  )
}
