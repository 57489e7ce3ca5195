import type { Leaf } from '../command.ts'
import { type DataFlags, dataOptions, type PlaceFlags, placeOptions } from './options.ts'

export interface RotateFlags extends DataFlags, PlaceFlags {
  readonly domain: boolean
}

export const rotate: Leaf = {
  name: 'rotate',
  summary: 'give a key new key material, or make a new domain key; whatever was encrypted before still opens',
  examples: [
    { does: 'give a key new material', line: 'bongtu kms rotate alias/reports' },
    { does: 'make a new domain key, and move every key token under it', line: 'bongtu kms rotate --domain' },
  ],
  define(command) {
    command.argument('[key]', 'the key, by alias, id or ARN')
    dataOptions(command)
    placeOptions(command)
    command.option('--domain', 'rotate the domain key instead, which happens by itself every day', false)
  },
  async run([key], flags, io) {
    const { rotateKms } = await import('../../jobs/kms/rotate.ts')
    await rotateKms(key as string | undefined, flags as RotateFlags, io)
  },
}
