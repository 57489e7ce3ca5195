import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { homeFolder, kmsFolder } from '../src/home.ts'

describe('the folder of what is kept', () => {
  it.each([
    ['linux', {}, '/home/u/.local/share/bongtu'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/bongtu'],
    ['linux', { XDG_DATA_HOME: 'data' }, '/home/u/.local/share/bongtu'],
    ['freebsd', {}, '/home/u/.local/share/bongtu'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/u/Library/Application Support/bongtu'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/bongtu'],
    ['win32', {}, '/home/u/AppData/Local/bongtu'],
    ['linux', { BONGTU_HOME: '/elsewhere' }, '/elsewhere'],
    ['darwin', { BONGTU_HOME: 'here' }, resolve('here')],
    ['linux', { BONGTU_HOME: '' }, '/home/u/.local/share/bongtu'],
  ])('is, on %s with %j, %s', (platform, env, folder) => {
    expect(homeFolder(env, platform, '/home/u')).toBe(folder)
  })

  it('holds one of the KMS', () => {
    expect(kmsFolder({ BONGTU_HOME: '/elsewhere' })).toBe('/elsewhere/kms')
  })
})
