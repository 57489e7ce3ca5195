import type { Fault } from '../faults.ts'
import type { Duration } from '../kms-clock.ts'
import type { LocalKms } from '../local-kms.ts'
import { inputs } from '../model/inputs.ts'
import { errorCodes } from '../wire/errors.ts'
import type { WireRequest, WireResponse } from '../wire/message.ts'
import { refuse } from '../wire/refusal.ts'
import type { Guard } from './guard.ts'

type Controlled = Pick<LocalKms, 'clock' | 'faults' | 'status' | 'rotateDomainKey'>

export interface AdminOptions {
  readonly kms: Controlled
  readonly guard: Guard
  /** Whether the clock may be moved. */
  readonly movesClock: boolean
  readonly failed: (error: unknown) => void
}

const CLOCK_IS_FIXED =
  'the admin port does not move the clock of a KMS that is kept: keys that wait for their deletion would be destroyed. Start it with --admin-clock (adminClock in a program) to allow this.'
const DURATION_MEMBERS = ['days', 'hours', 'minutes', 'seconds']
const FAULT_MEMBERS = ['operation', 'kind', 'code', 'milliseconds', 'times']
const FAULT_KINDS = ['throttle', 'error', 'latency', 'timeout']

/**
 * What tests ask of a server beside the API:
 *
 *     GET    /status
 *     GET    /clock              {"now": "2026-01-31T00:00:00.000Z"}
 *     POST   /clock              {"advance": {"days": 8}} or {"set": "2027-01-01T00:00:00Z"}
 *     GET    /faults
 *     POST   /faults             {"operation": "Decrypt", "kind": "throttle", "times": 2}
 *     DELETE /faults
 *     POST   /domain/rotate
 */
export function createAdmin({
  kms,
  guard,
  movesClock,
  failed,
}: AdminOptions): (request: WireRequest) => Promise<WireResponse> {
  const faults = () => answer({ faults: kms.faults.list() })
  const time = () => answer({ now: kms.clock.now().toISOString() })
  const routes: Readonly<Record<string, (body: unknown) => WireResponse | Promise<WireResponse>>> = {
    'GET /status': async () => answer(await kms.status()),
    'GET /clock': time,
    'POST /clock': async (body) => {
      if (!movesClock) return refuse(403, CLOCK_IS_FIXED)
      await moveClock(kms, body)
      return time()
    },
    'GET /faults': faults,
    'POST /faults': (body) => {
      kms.faults.add(readFault(body))
      return faults()
    },
    'DELETE /faults': () => {
      kms.faults.clear()
      return faults()
    },
    'POST /domain/rotate': async () => {
      await kms.rotateDomainKey()
      return answer(await kms.status())
    },
  }
  return async (request) => {
    const refusal = guard(request)
    if (refusal !== undefined) return refusal
    const { method, url, body } = request
    const name = `${method} ${url}`
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined
    if (route === undefined) return refuse(404, 'there is no such place on the admin port')
    try {
      return await route(body.length === 0 ? {} : JSON.parse(new TextDecoder().decode(body)))
    } catch (error) {
      const expected = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError
      if (expected) return refuse(400, error.message)
      failed(error)
      return refuse(500, 'the admin request failed: see the log')
    }
  }
}

async function moveClock({ clock }: Controlled, body: unknown): Promise<void> {
  const { advance, set } = members(body, ['advance', 'set'])
  if (typeof set === 'string' && advance === undefined) {
    if (Number.isNaN(Date.parse(set))) throw new TypeError('set is not an ISO 8601 time')
    return clock.set(new Date(set))
  }
  if (set !== undefined) throw new TypeError('the clock takes either advance or set')
  const duration = members(advance, DURATION_MEMBERS)
  if (!Object.values(duration).every((value) => typeof value === 'number')) throw new TypeError('advance takes numbers')
  await clock.advance(duration as Duration)
}

function readFault(body: unknown): Fault {
  const fault = members(body, FAULT_MEMBERS)
  const { operation, kind, code, milliseconds, times } = fault
  const isCount = (value: unknown) => value === undefined || (Number.isInteger(value) && (value as number) > 0)
  if (operation !== '*' && !Object.hasOwn(inputs, String(operation)))
    throw new TypeError('operation is none of the API')
  if (!FAULT_KINDS.includes(kind as string)) throw new TypeError(`kind is none of ${FAULT_KINDS.join(', ')}`)
  if (code !== undefined && !(errorCodes as readonly unknown[]).includes(code))
    throw new TypeError('code is no error of the API')
  if (!isCount(milliseconds) || !isCount(times)) throw new TypeError('milliseconds and times are whole numbers above 0')
  return fault as unknown as Fault
}

function members(value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('a JSON object is wanted')
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new TypeError(`unknown member: ${unknown}`)
  return value as Readonly<Record<string, unknown>>
}

function answer(value: object): WireResponse {
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  return { status: 200, headers: { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }, body }
}
