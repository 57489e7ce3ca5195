/** One HTTP request, as every way into the KMS hands it over. */
export interface WireRequest {
  readonly method: string
  /** The request target: path and query, `/` for every call of the API. */
  readonly url: string
  /** Names in lower case. A header that was sent several times is joined by commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** One HTTP response. Header names are spelled as AWS spells them: some clients compare them letter by letter. */
export interface WireResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}
