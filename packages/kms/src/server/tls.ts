import type { RequestListener, ServerOptions } from 'node:http'
import { createServer, type Server } from 'node:https'

/** PEM texts. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

/** TLS 1.2 with ephemeral key agreement and AEAD, or TLS 1.3, whose suites all are; a handshake has as long as headers. */
const TLS_POLICY = {
  minVersion: 'TLSv1.2',
  handshakeTimeout: 10_000,
  honorCipherOrder: true,
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
} as const

/** Throws a TypeError where certificate and key are none, or are not of each other. */
export function tlsServer(files: TlsFiles, limits: ServerOptions, listener: RequestListener): Server {
  try {
    return createServer({ ...limits, ...TLS_POLICY, ...files, noDelay: true }, listener)
  } catch (cause) {
    throw new TypeError('the TLS certificate and its key are not a pair in PEM', { cause })
  }
}
