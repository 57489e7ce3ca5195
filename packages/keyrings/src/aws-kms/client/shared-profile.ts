import { environment, sharedFile } from '#platform'

export type Profile = Readonly<Record<string, string>>

/** In `config` every profile but the default one is `[profile name]`; in `credentials` each is `[name]`. */
const SECTIONS = {
  config: /^\[\s*(?:profile\s+(?<named>[^\]]+?)|(?<plain>default))\s*\]/,
  credentials: /^\[\s*(?<named>[^\]]+?)\s*\]/,
} as const

const SETTING = /^([\w-]+)\s*=\s*(.*)$/
const COMMENT = /(?:^|\s)[#;].*$/

/**
 * The settings of one profile, those of `credentials` before those of `config`. Without a name that of `AWS_PROFILE`, or
 * the default one, which may be absent. Throws an Error where there is no profile of the name that is given.
 */
export async function sharedProfile(name?: string): Promise<Profile> {
  const wanted = name ?? environment('AWS_PROFILE') ?? 'default'
  const [config, credentials] = await Promise.all([settingsOf('config', wanted), settingsOf('credentials', wanted)])
  if (name !== undefined && config === null && credentials === null) {
    throw new Error(`neither shared AWS file has a profile ${JSON.stringify(name)}`)
  }
  return Object.assign(Object.create(null), config, credentials)
}

/** Nested settings, which are indented, are left out: none of them is read here. */
async function settingsOf(file: 'config' | 'credentials', profile: string): Promise<Profile | null> {
  let settings: Record<string, string> | null = null
  let inside = false
  for (const line of ((await sharedFile(file)) ?? '').split(/\r?\n/)) {
    if (/^\s/.test(line)) continue
    const text = line.replace(COMMENT, '')
    if (text.startsWith('[')) {
      inside = sectionName(file, text) === profile
      if (inside) settings ??= Object.create(null) as Record<string, string>
    }
    const [, key, value] = SETTING.exec(text) ?? []
    if (inside && settings !== null && key !== undefined && value !== undefined)
      settings[key.toLowerCase()] = value.trim()
  }
  return settings
}

function sectionName(file: 'config' | 'credentials', line: string): string | undefined {
  const { named, plain } = SECTIONS[file].exec(line)?.groups ?? {}
  return (named ?? plain)?.replace(/^(["'])(.*)\1$/, '$2')
}
