/**
 * Wraps and unwraps data keys over eight sessions, while sessions are closed underneath: single ones between any two calls
 * of an operation, and now and then all of them, which also logs the process out. Arguments: the token's URI, the number of
 * data keys, a seed. Tells on standard output what came of it.
 */
import { nodeEngine } from '@bongtu/crypto/node'
import { localHsm } from '@bongtu/hsm'
import { suiteNamed } from '@bongtu/message-format'
import type { Binding, Handle } from '../../src/pkcs11/binding.ts'
import { createModules } from '../../src/pkcs11/modules.ts'
import { pkcs11TokenOn } from '../../src/pkcs11/pkcs11-token.ts'
import { instrumented } from '../support/instrumented.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { LostSessionsReport } from './run.ts'

const [uri = '', count = '0', seed = '1'] = process.argv.slice(2)
const random = seededRandom(Number(seed))
const CALLERS = 16
const SINGLE = 0.02
const EVERY = 0.004

let closedOne = 0
let closedAll = 0
let running = 0
let gate: { readonly open: Promise<void>; readonly release: () => void } | null = null
const sessions = new Set<Handle>()

const shutGate = () => {
  let release = (): void => {}
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  gate = { open, release }
}

/** Closes every session at a moment when no thread is in the module: SoftHSM2 frees a session that is in use. */
function closeAllIfIdle(real: Binding): void {
  if (gate === null || running > 0) return
  for (const session of sessions) closeQuietly(real, session)
  sessions.clear()
  closedAll++
  gate.release()
  gate = null
}

function closeQuietly(real: Binding, session: Handle): void {
  try {
    real.C_CloseSession(session)
  } catch {
    // It was closed already.
  }
}

/** Before a call in a session: perhaps that session is closed under it. */
function perhapsClose(real: Binding, session: Handle): void {
  if (random() >= SINGLE) return
  closeQuietly(real, session)
  closedOne++
}

async function onThread(real: Binding, session: Handle, call: () => Promise<Buffer>): Promise<Buffer> {
  if (random() < EVERY && gate === null) shutGate()
  closeAllIfIdle(real)
  await gate?.open
  perhapsClose(real, session)
  running++
  try {
    return await call()
  } finally {
    running--
    closeAllIfIdle(real)
  }
}

const { load } = instrumented({
  C_OpenSession: (real, slot, flags) => {
    const session = real.C_OpenSession(slot, flags)
    sessions.add(session)
    return session
  },
  C_FindObjectsInit: (real, session, template) => {
    perhapsClose(real, session)
    real.C_FindObjectsInit(session, template)
  },
  C_EncryptInit: (real, session, mechanism, key) => {
    perhapsClose(real, session)
    real.C_EncryptInit(session, mechanism, key)
  },
  C_DecryptInit: (real, session, mechanism, key) => {
    perhapsClose(real, session)
    real.C_DecryptInit(session, mechanism, key)
  },
  C_EncryptAsync: (real, session, input, output) =>
    onThread(real, session, () => real.C_EncryptAsync(session, input, output)),
  C_DecryptAsync: (real, session, input, output) =>
    onThread(real, session, () => real.C_DecryptAsync(session, input, output)),
})

const token = pkcs11TokenOn(createModules(load), { uri, sessions: 8 })
await token.generateKey({ kind: 'aes', label: 'kek' })
const keyring = localHsm({ token, key: 'kek', namespace: 'lost sessions', name: 'kek' })
const suite = suiteNamed(0x0478)

let next = 0
let kept = 0
const lost: string[] = []
async function caller(): Promise<void> {
  for (let index = next++; index < Number(count); index = next++) {
    const request = { suite, encryptionContext: { index: String(index) } }
    try {
      const { dataKey, encryptedDataKeys } = await keyring.wrapDataKey(request)
      const opened = await keyring.unwrapDataKey({
        ...request,
        encryptedDataKeys,
        passedOver: (_, reason) => lost.push(reason),
      })
      if (opened !== null && nodeEngine.equal(opened.dataKey, dataKey)) kept++
    } catch (error) {
      lost.push(String(error))
    }
  }
}
await Promise.all(Array.from({ length: CALLERS }, caller))
const report: LostSessionsReport = { kept, lost: [...new Set(lost)], closedOne, closedAll }
process.stdout.write(JSON.stringify(report))
