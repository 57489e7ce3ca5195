/** Who calls, and where: one account in one Region. */
export interface Caller {
  readonly account: string
  readonly region: string
  /** The ARN that policies and audit records name. */
  readonly principal: string
}
