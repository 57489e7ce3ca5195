import type { Model } from './search.ts'

/**
 * Rotation of the domain key, small: two HSMs that may restart from any old domain token, one creator of a key token that pauses
 * anywhere, two processes that rotate and re-wrap, and four versions of the domain. Domain keys are named by the version that
 * made them, so the active key of version 3 is the key 3.
 */
export interface Rules {
  /** What the commit that stores a token depends on: nothing; that its domain key is in the stored ring; that it is the active one. */
  readonly commit: 'free' | 'key in the ring' | 'key active'
  /** Which domain keys a rotation drops: the oldest of a full ring; or those that no token is under. */
  readonly drop: 'oldest' | 'unused'
  /** When a token is re-wrapped: in the commit of the rotation, under the keys of the next ring; or later, under the installed ones. */
  readonly rewrap: 'in the rotation' | 'afterwards'
}

const VERSIONS = 4
/** Domain keys that a ring keeps in any case. */
const RING = 2
const HSMS = [0, 1] as const
const WORKERS = [0, 1] as const

interface Creator {
  readonly at: 'idle' | 'reading' | 'holding a token' | 'acknowledged'
  /** The version of the domain that it read. */
  readonly version: number
  /** The domain key of the token that it holds. */
  readonly key: number
}

interface Worker {
  readonly at: 'idle' | 'holding a ring' | 'holding a token'
  readonly version: number
  /** The next ring, or nothing. */
  readonly ring: readonly number[]
  /** The domain key of the stored token as it was read; 0 if none was stored. */
  readonly read: number
}

export interface State {
  /** The stored domain: `rings[v - 1]` are the keys of version v, newest first. */
  readonly rings: readonly (readonly number[])[]
  /** The version that each HSM has installed. */
  readonly hsms: readonly number[]
  /** The domain key of the stored token; 0 if none is stored. */
  readonly token: number
  readonly creator: Creator
  readonly workers: readonly Worker[]
}

export const LOST = 'every acknowledged token opens'
export const WEDGED = 'rotation never wedges'

const IDLE: Worker = { at: 'idle', version: 0, ring: [], read: 0 }

export function domainModel(rules: Rules): Model<State> {
  return {
    start: {
      rings: [[1]],
      hsms: [1, 1],
      token: 0,
      creator: { at: 'idle', version: 0, key: 0 },
      workers: [IDLE, IDLE],
    },
    *next(state) {
      yield* hsmSteps(state)
      yield* creatorSteps(state, rules)
      for (const worker of WORKERS) yield* workerSteps(state, rules, worker)
    },
    broken: (state) => broken(state, rules),
  }
}

const ringOf = (state: State, version: number): readonly number[] => state.rings[version - 1] ?? []
const newest = (state: State): number => state.rings.length

function broken(state: State, { rewrap }: Rules): string | undefined {
  if (state.token === 0) return undefined
  const ring = ringOf(state, newest(state))
  if (!ring.includes(state.token)) return LOST
  // A rotation that re-wraps under the next ring fails for ever once that ring does not open the token. One that leaves the token
  // to a later walk needs only the stored ring to open it, which the rule above says.
  const next = ring.slice(0, RING - 1)
  return rewrap === 'in the rotation' && !next.includes(state.token) ? WEDGED : undefined
}

function* hsmSteps(state: State): Generator<readonly [string, State]> {
  for (const hsm of HSMS) {
    for (let version = 1; version <= newest(state); version++) {
      const step = version === newest(state) ? 'follows' : `restarts from version ${version}`
      yield [`HSM ${hsm} ${step}`, { ...state, hsms: state.hsms.with(hsm, version) }]
    }
  }
}

function* creatorSteps(state: State, { commit }: Rules): Generator<readonly [string, State]> {
  const { creator } = state
  const become = (changes: Partial<Creator>): State => ({ ...state, creator: { ...creator, ...changes } })
  if (creator.at === 'idle') yield ['the creator reads the domain', become({ at: 'reading', version: newest(state) })]
  if (creator.at === 'reading') {
    for (const hsm of HSMS) {
      const key = state.hsms[hsm] ?? 0
      yield [`HSM ${hsm} makes a token`, become({ at: 'holding a token', key })]
    }
  }
  if (creator.at !== 'holding a token') return
  const unchanged = creator.version === newest(state)
  const holds =
    commit === 'free' ||
    (unchanged &&
      (commit === 'key active' ? creator.key === newest(state) : ringOf(state, newest(state)).includes(creator.key)))
  if (!holds) yield ['the commit of the creator conflicts', become({ at: 'idle', version: 0, key: 0 })]
  else {
    const done = { at: 'acknowledged', version: 0, key: 0 } as const
    yield ['the creator commits', { ...state, token: creator.key, creator: done }]
  }
}

function* workerSteps(state: State, rules: Rules, index: number): Generator<readonly [string, State]> {
  const worker = state.workers[index] ?? IDLE
  const become = (changed: Worker, rest: Partial<State> = {}): State => ({
    ...state,
    ...rest,
    workers: state.workers.with(index, changed),
  })
  const version = newest(state)
  if (worker.at === 'idle') {
    const current = HSMS.some((hsm) => state.hsms[hsm] === version)
    if (current && version < VERSIONS) {
      const ring = nextRing(state, rules)
      const holding: Worker = { at: 'holding a ring', version, ring, read: state.token }
      yield [`worker ${index} asks for version ${version + 1}`, become(holding)]
    }
    // Any HSM may re-wrap, one that is behind too: the commit tells.
    for (const hsm of rules.rewrap === 'afterwards' ? HSMS : []) {
      const installed = state.hsms[hsm] ?? 0
      if (state.token === 0 || state.token === installed || !ringOf(state, installed).includes(state.token)) continue
      const holding: Worker = { at: 'holding a token', version: installed, ring: [], read: state.token }
      yield [`worker ${index} re-wraps the token on HSM ${hsm}`, become(holding)]
    }
  } else if (worker.version !== version) {
    yield [`the commit of worker ${index} conflicts`, become(IDLE)]
  } else if (worker.at === 'holding a token') {
    const moved = state.token === worker.read ? { token: version } : {}
    yield [`worker ${index} commits the token`, become(IDLE, moved)]
  } else {
    const moved = rules.rewrap === 'in the rotation' && worker.read !== 0 && worker.read === state.token
    const token = moved ? version + 1 : state.token
    yield [
      `worker ${index} commits version ${version + 1}`,
      become(IDLE, { rings: [...state.rings, worker.ring], token }),
    ]
  }
}

function nextRing(state: State, { drop }: Rules): readonly number[] {
  const ring = ringOf(state, newest(state))
  const kept = ring.filter((key, index) => index < RING - 1 || (drop === 'unused' && key === state.token))
  return [newest(state) + 1, ...kept]
}
