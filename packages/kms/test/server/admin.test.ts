import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from '../../src/index.ts'
import { rawRequest } from '../support/raw-http.ts'

async function admin() {
  const server = await startServer({ place: { memory: true }, port: 0, adminPort: 0, logLevel: 'silent' })
  onTestFinished(() => server.close())
  const ask = async (method: string, path: string, body?: unknown) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const { status, text: answer } = await rawRequest(`${server.adminUrl}${path}`, method, {}, text)
    return { status, answer: JSON.parse(answer) }
  }
  const call = (operation: string, body: object) =>
    rawRequest(server.url, 'POST', { 'x-amz-target': `TrentService.${operation}` }, JSON.stringify(body))
  return { server, ask, call }
}

describe('the admin port', () => {
  it('is not there unless it is asked for', async () => {
    const server = await startServer({ place: { memory: true }, port: 0, logLevel: 'silent' })
    onTestFinished(() => server.close())
    expect(server.adminUrl).toBeUndefined()
    expect((await rawRequest(`${server.url}/clock`, 'GET', {})).status).toBe(400)
  })

  it('is a port of loopback with names of its own', async () => {
    const { server } = await admin()
    expect(server.adminUrl).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect((await rawRequest(`${server.adminUrl}/clock`, 'GET', { host: 'attacker.example' })).status).toBe(403)
    expect((await rawRequest(`${server.adminUrl}/clock`, 'GET', { origin: 'http://localhost' })).status).toBe(403)
  })

  it('moves the clock, and has done what fell due', async () => {
    const { server, ask, call } = await admin()
    const { KeyMetadata } = JSON.parse((await call('CreateKey', {})).text)
    await call('ScheduleKeyDeletion', { KeyId: KeyMetadata.KeyId, PendingWindowInDays: 7 })
    expect((await ask('GET', '/status')).answer.keys).toBe(1)
    const before = server.kms.clock.now().getTime()
    const { answer } = await ask('POST', '/clock', { advance: { days: 7, hours: 1 } })
    expect(Date.parse(answer.now) - before).toBeGreaterThanOrEqual((7 * 24 + 1) * 3_600_000)
    expect((await ask('GET', '/status')).answer.keys).toBe(0)
  })

  it('sets the clock', async () => {
    const { ask } = await admin()
    expect((await ask('POST', '/clock', { set: '2030-05-06T07:08:09Z' })).answer.now).toMatch(/^2030-05-06T07:08:09/)
    expect((await ask('GET', '/clock')).answer.now).toMatch(/^2030-05-06T07:08:/)
  })

  it('injects faults, lists them and takes them back', async () => {
    const { ask, call } = await admin()
    const fault = { operation: 'GenerateRandom', kind: 'throttle' }
    expect((await ask('POST', '/faults', fault)).answer).toEqual({ faults: [fault] })
    expect((await ask('GET', '/faults')).answer).toEqual({ faults: [fault] })
    expect(JSON.parse((await call('GenerateRandom', { NumberOfBytes: 1 })).text).__type).toBe('ThrottlingException')
    expect((await ask('DELETE', '/faults')).answer).toEqual({ faults: [] })
    expect((await call('GenerateRandom', { NumberOfBytes: 1 })).status).toBe(200)
  })

  it('rotates the domain key', async () => {
    const { ask, call } = await admin()
    const { CiphertextBlob } = JSON.parse((await call('Encrypt', { KeyId: 'alias/aws/s3', Plaintext: 'AAAA' })).text)
    expect((await ask('POST', '/domain/rotate')).answer.domain).toMatchObject({ version: 2, domainKeys: 2 })
    expect(JSON.parse((await call('Decrypt', { CiphertextBlob })).text).Plaintext).toBe('AAAA')
  })

  it.each([
    ['POST', '/clock', {}],
    ['POST', '/clock', { set: 'soon' }],
    ['POST', '/clock', { set: '2030-01-01', advance: { days: 1 } }],
    ['POST', '/clock', { advance: { weeks: 1 } }],
    ['POST', '/clock', { advance: { days: '1' } }],
    ['POST', '/clock', { advance: { days: -1 } }],
    ['POST', '/clock', { advance: { days: 1e300 } }],
    ['POST', '/clock', { set: '+275760-09-13T00:00:00Z' }],
    ['POST', '/clock', { set: '1969-12-31T23:59:59Z' }],
    ['POST', '/faults', { operation: 'Fly', kind: 'throttle' }],
    ['POST', '/faults', { operation: '*', kind: 'explode' }],
    ['POST', '/faults', { operation: '*', kind: 'error', code: 'NoSuchException' }],
    ['POST', '/faults', { operation: '*', kind: 'throttle', times: 0 }],
    ['POST', '/faults', []],
  ])('refuses %s %s %j', async (method, path, body) => {
    const { server, ask } = await admin()
    expect((await ask(method, path, body)).status).toBe(400)
    expect(Math.abs(server.kms.clock.now().getTime() - Date.now())).toBeLessThan(60_000)
  })

  it('tells the log what it does not tell the caller', async () => {
    const lines: string[] = []
    const writeLog = (line: string) => lines.push(line)
    const server = await startServer({ place: { memory: true }, port: 0, adminPort: 0, logLevel: 'error', writeLog })
    onTestFinished(() => server.close())
    await server.kms.close()
    expect((await rawRequest(`${server.adminUrl}/status`, 'GET', {})).status).toBe(500)
    expect(lines.join('')).toContain('the store is closed')
  })

  it('knows no other place', async () => {
    const { ask } = await admin()
    expect((await ask('GET', '/keys')).status).toBe(404)
    expect((await ask('GET', '/toString')).status).toBe(404)
  })
})
