import type { Io } from '../io.ts'

/** How far a run has come. */
export interface Progress {
  /** A file of so many bytes was begun; `null` where nobody knows. */
  begin(size: number | null): void
  count(bytes: number): void
  /** A file was done, one way or the other. */
  end(): void
  /** Takes the line off the terminal. */
  close(): void
}

const FIRST_AFTER_MS = 1000
const EVERY_MS = 250
const CLEAR_LINE = '\r\x1b[2K'

const silent: Progress = { begin() {}, count() {}, end() {}, close() {} }

/**
 * One line on a terminal that tells how far a long run has come; nothing in a pipe, and nothing in the first second.
 * `now` gives milliseconds.
 */
export function progress(io: Io, files: number, now: () => number = () => performance.now()): Progress {
  if (io.stderr.isTTY !== true) return silent
  const started = now()
  let shownAt = started + FIRST_AFTER_MS - EVERY_MS
  let done = 0
  let total = 0
  let begun = 0
  let ended = 0
  let known = true
  let shown = false
  const clear = (): void => {
    if (shown) io.stderr.write(CLEAR_LINE)
    shown = false
  }
  const show = (time: number): void => {
    const rate = (done / (time - started)) * 1000
    const share = known && total > 0 && begun === files ? ` of ${bytesText(total)} (${percent(done, total)})` : ''
    const count = files > 1 ? `${ended} of ${files} files, ` : ''
    const line = `bongtu: ${count}${bytesText(done)}${share}, ${bytesText(rate)}/s`
    io.stderr.write(`${CLEAR_LINE}${line.slice(0, (io.stderr.columns ?? 80) - 1)}`)
    shown = true
    shownAt = time
  }
  return {
    begin(size) {
      begun++
      if (size === null) known = false
      else total += size
    },
    count(bytes) {
      done += bytes
      const time = now()
      if (time - shownAt >= EVERY_MS) show(time)
    },
    end() {
      ended++
    },
    close: clear,
  }
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  return power === 0 ? `${Math.round(bytes)} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`
}

const percent = (done: number, total: number): string => `${Math.min(100, Math.floor((done / total) * 100))}%`
