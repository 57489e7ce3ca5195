import { KmsError } from './wire/errors.ts'

/** Work that is done one after the other. */
export interface WaitingLine {
  /** Does the work when its turn comes. Throws ThrottlingException where too many wait already, or the turn comes too late. */
  take<T>(work: () => Promise<T>): Promise<T>
}

export interface WaitingLineOptions {
  /** How many may wait for the one at work. */
  readonly places: number
  /** Milliseconds that one may wait. */
  readonly patience: number
}

export function createWaitingLine({ places, patience }: WaitingLineOptions): WaitingLine {
  const waiting: (() => void)[] = []
  let atWork = false

  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (waiting.length >= places) return reject(throttled())
      const begin = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(throttled())
      }, patience)
      waiting.push(begin)
    })

  return {
    async take(work) {
      if (atWork) await turn()
      atWork = true
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next === undefined) atWork = false
        else next()
      }
    },
  }
}

/** In the words of AWS. */
const throttled = (): KmsError => new KmsError('ThrottlingException', 'Rate exceeded')
