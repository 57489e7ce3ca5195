import type { Seed, SeedKey } from './seed.ts'

/** What no member of a key says by itself: where it stands, whether it is so, and why that cannot be. */
export const CONTRADICTIONS: readonly (readonly [keyof SeedKey, (key: SeedKey) => boolean, string])[] = [
  [
    'regions',
    ({ id, regions }) => regions !== undefined && !id.startsWith('mrk-'),
    'only a multi-Region key, whose id starts with mrk-, has several Regions',
  ],
  ['region', ({ region, regions }) => region !== undefined && regions !== undefined, 'stands beside regions'],
  [
    'rotation',
    ({ regions = [], rotation = false }) => regions.length > 1 && rotation !== false,
    'a key in several Regions does not rotate by itself, for its replicas could not follow',
  ],
  [
    'origin',
    ({ id, origin, rotation }) => origin === 'EXTERNAL' && (rotation !== undefined || id.startsWith('mrk-')),
    'a key with imported material neither rotates by itself nor has several Regions',
  ],
  [
    'rotations',
    ({ origin, material, rotations }) => origin === 'EXTERNAL' && material === undefined && rotations !== undefined,
    'a key that waits for its first material has not rotated',
  ],
  [
    'rotations',
    ({ rotations = [] }) => rotations.some(({ date }, n) => n > 0 && before(date, rotations[n - 1]?.date ?? date)),
    'the oldest comes first',
  ],
]

function before(time: string, other: string): boolean {
  return Date.parse(time) < Date.parse(other)
}

/** Throws a TypeError where a key or an alias stands there twice, and only one of the two could be. */
export function checkRepetitions({ keys = [], aliases = [] }: Seed): void {
  const ids = keys.flatMap((key) => placesOf(key).map((place) => `${place}/${key.id}`))
  const repeated = ids.find((id, at) => ids.indexOf(id) < at)
  if (repeated !== undefined) throw new TypeError(`keys: ${repeated.split('/').at(-1)} stands there twice`)
  const targets = new Map<string, string>()
  const named = [
    ...keys.flatMap((key) =>
      placesOf(key).flatMap((place) => (key.aliases ?? []).map((name) => [place, name, key.id])),
    ),
    ...aliases.map((alias) => [...placesOf(alias), alias.name, alias.key]),
  ]
  for (const [place, name = '', target = ''] of named) {
    const other = targets.get(`${place} ${name}`) ?? target
    if (other !== target) throw new TypeError(`${name} leads to two keys, ${other} and ${target}`)
    targets.set(`${place} ${name}`, target)
  }
}

function placesOf({ account = '', region = '', regions = [region] }: Partial<SeedKey>): string[] {
  return regions.map((one) => `${account}/${one}`)
}
